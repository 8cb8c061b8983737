using System.Text.Json;
using AfirGen.Api.Telemetry;
using AfirGen.ServiceDefaults.Draining;

namespace AfirGen.Api.Durability;

/// <summary>
/// How a run ended. A process that goes cannot be scraped any more, so it leaves this in the data folder, and the next one publishes it.
/// Nothing rests on it: whether a stop was clean is the running marker's to say.
/// </summary>
/// <param name="Outcome">A value of the label of <see cref="Metric.LastStop"/>; "" when nobody knows.</param>
/// <param name="Seconds">From the signal to the end of the flush.</param>
internal sealed record LastStop(string Outcome, double Seconds)
{
    private const string FileName = "last-stop";

    public static LastStop Unknown { get; } = new("", 0);

    public static void Write(DataFolder folder, DrainReport report) =>
        File.WriteAllText(
            Path.Combine(folder.Path, FileName),
            JsonSerializer.Serialize(new LastStop(DrainMetric.OutcomeOf(report), report.Duration.TotalSeconds))
        );

    /// <summary>Reads what the last run left, and takes it away, so that a crash of this one is not taken for that stop.</summary>
    /// <param name="unclean">The running marker was still there.</param>
    public static LastStop Take(DataFolder folder, bool unclean)
    {
        var file = Path.Combine(folder.Path, FileName);
        LastStop? left = null;
        if (File.Exists(file))
        {
            try
            {
                left = JsonSerializer.Deserialize<LastStop>(File.ReadAllText(file));
            }
            catch (JsonException)
            {
                // Half of it was written when the power went: a crash.
            }

            File.Delete(file);
        }

        return left ?? (unclean ? new(Metric.Crash, 0) : Unknown);
    }
}
