using System.Diagnostics.Metrics;
using System.Globalization;
using AfirGen.Api.Journal;
using AfirGen.Api.Telemetry;
using AfirGen.ServiceDefaults.Telemetry;

namespace AfirGen.Api.Forwarding;

/// <summary>Meter <c>AfirGen.Forwarding</c>.</summary>
internal sealed class ForwardingMetrics
{
    public const string MeterName = "AfirGen.Forwarding";
    private readonly Meter _meter;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _failures;
    private OutboxBacklog _backlog = new(0, null);

    public ForwardingMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _meter = meters.Create(MeterName);
        _delivered = _meter.Counter(Metric.Delivered);
        _failures = _meter.Counter(Metric.DeliveryFailures);
        _meter.Gauge(Metric.OutboxDepth, () => _backlog.Depth);
        _meter.Gauge(Metric.OutboxAge, () => Age(_backlog, clock.GetUtcNow()).TotalSeconds);
    }

    /// <summary>Makes everything visible before the first delivery.</summary>
    public void Begin(RegistryLink link)
    {
        _delivered.PublishZeros(Metric.Delivered);
        _failures.PublishZeros(Metric.DeliveryFailures);
        _meter.Gauge(Metric.RegistryConnected, () => link.State.Connected ? 1 : 0);
    }

    public void Delivered(int rows) => _delivered.Add(rows);

    public void Failed() => _failures.Add(1);

    /// <summary>Refreshed by <see cref="BacklogGauge"/>, so that a scrape never waits for a store.</summary>
    public void Observe(OutboxBacklog backlog) => _backlog = backlog;

    public static TimeSpan Age(OutboxBacklog backlog, DateTimeOffset now) =>
        backlog.Oldest is null
            ? TimeSpan.Zero
            : now - DateTimeOffset.Parse(backlog.Oldest, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
