using System.Diagnostics.Metrics;
using AfirGen.ServiceDefaults.Telemetry;

namespace AfirGen.ServiceDefaults.Draining;

/// <summary>The instruments of a drain.</summary>
internal sealed class DrainMetrics
{
    public const string MeterName = "AfirGen.Draining";

    private readonly Counter<long> _refused;
    private readonly Counter<long> _cancelled;
    private readonly Counter<long> _flushes;
    private readonly Counter<long> _shutdowns;
    private readonly Histogram<double> _flushDuration;
    private readonly Histogram<double> _shutdownDuration;

    public DrainMetrics(IMeterFactory meters, InFlightRequests inFlight)
    {
        var meter = meters.Create(MeterName);
        meter.Gauge(DrainMetric.InFlight, () => inFlight.Count);
        _refused = meter.Counter(DrainMetric.Refused);
        _cancelled = meter.Counter(DrainMetric.Cancelled);
        _flushes = meter.Counter(DrainMetric.Flushes);
        _shutdowns = meter.Counter(DrainMetric.Shutdowns);
        _flushDuration = meter.Histogram(DrainMetric.FlushDuration);
        _shutdownDuration = meter.Histogram(DrainMetric.ShutdownDuration);
    }

    public void PublishZeros(IEnumerable<string> steps)
    {
        _refused.PublishZeros(DrainMetric.Refused);
        _cancelled.PublishZeros(DrainMetric.Cancelled);
        _shutdowns.PublishZeros(DrainMetric.Shutdowns);
        foreach (var step in steps)
        {
            _flushes.Add(0, Step(step), Outcome(DrainMetric.Ok));
            _flushes.Add(0, Step(step), Outcome(DrainMetric.Error));
        }
    }

    public void Refused() => _refused.Add(1);

    public void Cancelled(int requests) => _cancelled.Add(requests);

    public void Flushed(FlushStepReport step)
    {
        var outcome = Outcome(step.Succeeded ? DrainMetric.Ok : DrainMetric.Error);
        _flushes.Add(1, Step(step.Name), outcome);
        _flushDuration.Record(step.Duration.TotalSeconds, Step(step.Name), outcome);
    }

    public void Drained(DrainReport report)
    {
        var outcome = Outcome(DrainMetric.OutcomeOf(report));
        _shutdowns.Add(1, outcome);
        _shutdownDuration.Record(report.Duration.TotalSeconds, outcome);
    }

    private static KeyValuePair<string, object?> Step(string name) => new("step", name);

    private static KeyValuePair<string, object?> Outcome(string outcome) => new("outcome", outcome);
}
