using System.Diagnostics.Metrics;
using AfirGen.Api.Telemetry;
using AfirGen.ServiceDefaults.Telemetry;

namespace AfirGen.Api.Journal;

/// <summary>Meter <c>AfirGen.Journal</c>.</summary>
internal sealed class JournalMetrics
{
    public const string MeterName = "AfirGen.Journal";
    private readonly Meter _meter;
    private readonly Counter<long> _committed;
    private readonly Counter<long> _rollbacks;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _commitSeconds;
    private readonly Histogram<double> _fsyncSeconds;
    private readonly Histogram<double> _batchSize;

    public JournalMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _committed = _meter.Counter(Metric.Acknowledged);
        _rollbacks = _meter.Counter(Metric.Rollbacks);
        _refused = _meter.Counter(Metric.WritesRefused);
        _commitSeconds = _meter.Histogram(Metric.CommitSeconds);
        _fsyncSeconds = _meter.Histogram(Metric.FsyncSeconds);
        _batchSize = _meter.Histogram(Metric.BatchSize);
    }

    public void Observe(Func<int> queueDepth, int queueLimit, Func<long> walBytes)
    {
        _committed.PublishZeros(Metric.Acknowledged);
        _rollbacks.PublishZeros(Metric.Rollbacks);
        _refused.PublishZeros(Metric.WritesRefused);
        _meter.Gauge(Metric.QueueDepth, queueDepth);
        _meter.Gauge(Metric.QueueLimit, () => queueLimit);
        _meter.Gauge(Metric.WalBytes, walBytes);
    }

    /// <param name="elapsed">Of the whole transaction.</param>
    /// <param name="fsync">Of its COMMIT.</param>
    public void Committed(int units, TimeSpan elapsed, TimeSpan fsync)
    {
        _committed.Add(units);
        _batchSize.Record(units);
        _commitSeconds.Record(elapsed.TotalSeconds);
        _fsyncSeconds.Record(fsync.TotalSeconds);
    }

    public void RolledBack(string reason, int units = 1) => _rollbacks.Add(units, Reason(reason));

    public void Refused(string reason) => _refused.Add(1, Reason(reason));

    private static KeyValuePair<string, object?> Reason(string reason) => new("reason", reason);
}

/// <summary>Values of the label <c>reason</c> of <c>afirgen_tx_rollback_total</c>.</summary>
internal static class RollbackReasons
{
    /// <summary>A precondition was gone, a race lost: nothing is wrong.</summary>
    public const string Rejected = "rejected";
    public const string Error = "error";
    public const string DiskFull = "disk_full";
    public const string Busy = "busy";
}

/// <summary>Values of the label <c>reason</c> of <c>afirgen_journal_refused_total</c>.</summary>
internal static class RefusalReasons
{
    public const string QueueFull = "queue_full";
    public const string Headroom = "headroom";
}
