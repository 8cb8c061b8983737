using System.Diagnostics.Metrics;
using System.Globalization;
using AfirGen.Api.Journal;

namespace AfirGen.Api.Forwarding;

/// <summary>Meter <c>AfirGen.Forwarding</c>.</summary>
internal sealed class ForwardingMetrics
{
    public const string MeterName = "AfirGen.Forwarding";
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _failures;
    private OutboxBacklog _backlog = new(0, null);

    public ForwardingMetrics(IMeterFactory meters, TimeProvider clock)
    {
        var meter = meters.Create(MeterName);
        _delivered = meter.CreateCounter<long>("afirgen_outbox_delivered", description: "Outbox rows confirmed by the registry");
        _failures = meter.CreateCounter<long>("afirgen_outbox_failures", description: "Deliveries that the registry did not confirm");
        meter.CreateObservableGauge("afirgen_outbox_depth", () => _backlog.Depth, description: "Outbox rows not delivered yet");
        meter.CreateObservableGauge(
            "afirgen_outbox_age_seconds",
            () => Age(_backlog, clock.GetUtcNow()).TotalSeconds,
            description: "Age of the oldest outbox row not delivered yet; 0 when there is none"
        );
    }

    /// <summary>Makes the counters visible before the first delivery.</summary>
    public void PublishZeros()
    {
        _delivered.Add(0);
        _failures.Add(0);
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
