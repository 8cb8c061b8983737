using System.Diagnostics.Metrics;

namespace AfirGen.ServiceDefaults.Telemetry;

/// <summary>Makes instruments as they are defined.</summary>
public static class MeterExtensions
{
    /// <summary>A counter.</summary>
    public static Counter<long> Counter(this Meter meter, MetricDefinition metric) =>
        meter.CreateCounter<long>(metric.InstrumentName, Ucum(metric), metric.Meaning);

    /// <summary>A histogram with the buckets of its definition.</summary>
    public static Histogram<double> Histogram(this Meter meter, MetricDefinition metric) =>
        meter.CreateHistogram<double>(
            metric.InstrumentName,
            Ucum(metric),
            metric.Meaning,
            advice: new() { HistogramBucketBoundaries = [.. metric.Buckets] }
        );

    /// <summary>A gauge of one series, read at each scrape.</summary>
    public static void Gauge<T>(this Meter meter, MetricDefinition metric, Func<T> read)
        where T : struct => meter.CreateObservableGauge(metric.InstrumentName, read, Ucum(metric), metric.Meaning);

    /// <summary>A gauge of several series, read at each scrape.</summary>
    public static void Gauge<T>(this Meter meter, MetricDefinition metric, Func<IEnumerable<Measurement<T>>> read)
        where T : struct => meter.CreateObservableGauge(metric.InstrumentName, read, Ucum(metric), metric.Meaning);

    /// <summary>
    /// Publishes a counter at zero, for each value of its label when it has one: an alert on an increase misses the first one of a series
    /// that did not exist before. Not before the meter has listeners: a zero that nobody hears is no series.
    /// </summary>
    public static void PublishZeros(this Counter<long> counter, MetricDefinition metric)
    {
        if (metric.Labels is not [var label])
        {
            counter.Add(0);
            return;
        }

        foreach (var value in label.Values)
        {
            counter.Add(0, new KeyValuePair<string, object?>(label.Name, value));
        }
    }

    /// <summary>The code that the exporter appends to names as the unit, where they do not end with it already.</summary>
    private static string? Ucum(MetricDefinition metric) =>
        metric.Unit switch
        {
            MetricUnits.Seconds => "s",
            MetricUnits.Bytes => "By",
            _ => null,
        };
}
