using System.Globalization;
using System.Text.RegularExpressions;

namespace AfirGen.Tests.Stack;

/// <summary>A scrape of /metrics in the Prometheus text format, as a Prometheus server would get it.</summary>
internal sealed partial class Scrape
{
    private readonly List<(string Name, string Labels, double Value)> _samples = [];

    private Scrape(string text)
    {
        Text = text;
        foreach (Match line in Sample().Matches(text))
        {
            var value = line.Groups["value"].Value;
            var number = value == "+Inf" ? double.PositiveInfinity : double.Parse(value, CultureInfo.InvariantCulture);
            _samples.Add((line.Groups["name"].Value, line.Groups["labels"].Value, number));
        }
    }

    public string Text { get; }

    public IEnumerable<string> Names => _samples.Select(s => s.Name).Distinct();

    public static async Task<Scrape> OfAsync(ApiClient client) => new((await client.GetAsync("/metrics")).RequireOk().Text);

    /// <summary>Waits until a scrape says so: the exporter answers from a cache for 0.3 s.</summary>
    public static async Task<Scrape> WaitForAsync(ApiClient client, Func<Scrape, bool> condition, string what)
    {
        Scrape? last = null;
        await Eventually.TrueAsync(async () => condition(last = await OfAsync(client)), what);
        return last!;
    }

    public bool Has(string name) => _samples.Any(s => s.Name == name);

    /// <summary>The sum over all series of a name that carry every one of the labels, written as <c>step="outbox"</c>.</summary>
    public double Sum(string name, params string[] labels) =>
        _samples.Where(s => s.Name == name && labels.All(label => s.Labels.Contains(label, StringComparison.Ordinal))).Sum(s => s.Value);

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][\w:]*)(\{(?<labels>.*)\})? (?<value>\S+)( \d+)?\r?$", RegexOptions.Multiline)]
    private static partial Regex Sample();
}
