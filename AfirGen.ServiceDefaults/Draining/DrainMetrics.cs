using System.Diagnostics.Metrics;

namespace AfirGen.ServiceDefaults.Draining;

/// <summary>
/// The instruments of a drain. The Prometheus exporter appends <c>_total</c> to counters and <c>_seconds</c> for unit <c>s</c>, so the names
/// here lack both: a scrape shows <c>afirgen_drain_refused_total</c>, <c>afirgen_flush_duration_seconds</c> and so on (tested on a scrape).
/// </summary>
internal sealed class DrainMetrics
{
    public const string MeterName = "AfirGen.Draining";

    private static readonly InstrumentAdvice<double> FlushBuckets = new()
    {
        HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private static readonly InstrumentAdvice<double> ShutdownBuckets = new()
    {
        HistogramBucketBoundaries = [0.05, 0.1, 0.5, 1, 2.5, 5, 10, 20, 30, 35, 45, 60],
    };

    private readonly Counter<long> _refused;
    private readonly Counter<long> _cancelled;
    private readonly Counter<long> _flushes;
    private readonly Histogram<double> _flushDuration;
    private readonly Histogram<double> _shutdownDuration;

    public DrainMetrics(IMeterFactory meters, InFlightRequests inFlight)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "afirgen_inflight_requests",
            () => inFlight.Count,
            description: "Admitted requests that have not ended"
        );
        _refused = meter.CreateCounter<long>("afirgen_drain_refused", description: "Requests answered 503 because the service drains");
        _cancelled = meter.CreateCounter<long>("afirgen_drain_cancelled", description: "Requests cancelled at the drain deadline");
        _flushes = meter.CreateCounter<long>("afirgen_flush", description: "Flush steps run, by outcome");
        _flushDuration = meter.CreateHistogram("afirgen_flush_duration", "s", "Duration of flush steps", advice: FlushBuckets);
        _shutdownDuration = meter.CreateHistogram(
            "afirgen_shutdown_duration",
            "s",
            "Duration of drains, flush included",
            advice: ShutdownBuckets
        );
    }

    /// <summary>Publishes every counter at zero: an alert on an increase misses the first one of a series that did not exist before.</summary>
    public void PublishZeros(IEnumerable<string> steps)
    {
        _refused.Add(0);
        _cancelled.Add(0);
        foreach (var step in steps)
        {
            _flushes.Add(0, Step(step), Outcome("ok"));
            _flushes.Add(0, Step(step), Outcome("error"));
        }
    }

    public void Refused() => _refused.Add(1);

    public void Cancelled(int requests) => _cancelled.Add(requests);

    public void Flushed(FlushStepReport step)
    {
        var outcome = Outcome(step.Succeeded ? "ok" : "error");
        _flushes.Add(1, Step(step.Name), outcome);
        _flushDuration.Record(step.Duration.TotalSeconds, Step(step.Name), outcome);
    }

    public void Drained(DrainReport report)
    {
        var outcome = report.Outcome switch
        {
            DrainOutcome.Clean => "clean",
            DrainOutcome.Timeout => "timeout",
            _ => "flush_error",
        };
        _shutdownDuration.Record(report.Duration.TotalSeconds, Outcome(outcome));
    }

    private static KeyValuePair<string, object?> Step(string name) => new("step", name);

    private static KeyValuePair<string, object?> Outcome(string outcome) => new("outcome", outcome);
}
