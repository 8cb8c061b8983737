using System.Globalization;
using System.Text.RegularExpressions;

namespace AfirGen.Tests.Stack;

/// <summary>A scrape of /metrics in the Prometheus text format, as a Prometheus server would get it.</summary>
internal sealed partial class Scrape
{
    private readonly List<(string Name, string Labels, double Value)> _samples = [];

    public Scrape(string text)
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

    /// <summary>Name and type of every metric, as the <c># TYPE</c> lines have them.</summary>
    public IReadOnlyDictionary<string, string> Types =>
        Type()
            .Matches(Text)
            .DistinctBy(line => line.Groups["name"].Value)
            .ToDictionary(line => line.Groups["name"].Value, line => line.Groups["type"].Value);

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

    /// <summary>Labels that the series of a name carry, each with its values; those of a histogram without <c>le</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> LabelsOf(string name) =>
        _samples
            .Where(s => s.Name == name || s.Name == name + "_count")
            .SelectMany(s => Label().Matches(s.Labels))
            .GroupBy(label => label.Groups["name"].Value, label => label.Groups["value"].Value)
            .ToDictionary(label => label.Key, IReadOnlySet<string> (label) => label.ToHashSet());

    /// <summary>Every series of a name with its value, as one text.</summary>
    public string Series(string name) =>
        string.Join('\n', _samples.Where(s => s.Name == name).Select(s => $"{s.Labels} {s.Value}").Order(StringComparer.Ordinal));

    [GeneratedRegex(@"^# TYPE (?<name>\S+) (?<type>\w+)", RegexOptions.Multiline)]
    private static partial Regex Type();

    [GeneratedRegex(@"(?<name>\w+)=""(?<value>[^""]*)""")]
    private static partial Regex Label();

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][\w:]*)(\{(?<labels>.*)\})? (?<value>\S+)( \d+)?\r?$", RegexOptions.Multiline)]
    private static partial Regex Sample();
}
