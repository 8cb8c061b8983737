namespace AfirGen.ServiceDefaults.Telemetry;

/// <summary>What a metric is to a Prometheus server.</summary>
public enum MetricKind
{
    /// <summary>Only grows, and begins at 0 with each process.</summary>
    Counter,

    /// <summary>A value as it is now.</summary>
    Gauge,

    /// <summary>Counted by size; scraped as <c>_bucket</c>, <c>_sum</c> and <c>_count</c>.</summary>
    Histogram,
}

/// <summary>A label and the values that it takes.</summary>
/// <param name="Name">As scraped.</param>
/// <param name="Values">All of them; empty when what is deployed decides.</param>
public sealed record MetricLabel(string Name, params IReadOnlyList<string> Values);

/// <summary>One metric: its instrument is made from this, and so is its line in the documentation.</summary>
/// <param name="Name">As scraped.</param>
/// <param name="Kind">Counter, gauge or histogram.</param>
/// <param name="Unit">One of <see cref="MetricUnits"/>, or in words what is counted.</param>
/// <param name="Meaning">For whoever reads a scrape.</param>
public sealed record MetricDefinition(string Name, MetricKind Kind, string Unit, string Meaning)
{
    private const string CounterSuffix = "_total";

    /// <summary>None: one series.</summary>
    public IReadOnlyList<MetricLabel> Labels { get; init; } = [];

    /// <summary>Upper bounds of a histogram's buckets, in its unit.</summary>
    public IReadOnlyList<double> Buckets { get; init; } = [];

    /// <summary>Without what the exporter appends to counters.</summary>
    public string InstrumentName =>
        Kind == MetricKind.Counter && Name.EndsWith(CounterSuffix, StringComparison.Ordinal) ? Name[..^CounterSuffix.Length] : Name;
}

/// <summary>Units that the exporter knows; names end with them.</summary>
public static class MetricUnits
{
    /// <summary>Seconds.</summary>
    public const string Seconds = "seconds";

    /// <summary>Bytes.</summary>
    public const string Bytes = "bytes";

    /// <summary>A yes or no.</summary>
    public const string OneOrZero = "1 or 0";
}
