using System.Diagnostics.Metrics;

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
    private readonly Histogram<long> _batchSize;

    public JournalMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _committed = _meter.CreateCounter<long>("afirgen_ack", description: "Units of work committed and acknowledged");
        _rollbacks = _meter.CreateCounter<long>("afirgen_tx_rollback", description: "Units of work rolled back, by reason");
        _refused = _meter.CreateCounter<long>("afirgen_journal_refused", description: "Writes refused before they began, by reason");
        _commitSeconds = _meter.CreateHistogram<double>(
            "afirgen_commit_seconds",
            description: "From BEGIN to the return of COMMIT, fsync included",
            advice: new()
            {
                HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
            }
        );
        _batchSize = _meter.CreateHistogram<long>(
            "afirgen_commit_batch_size",
            description: "Units of work that one fsync covered",
            advice: new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] }
        );
        // At 0 from the start, so that an alert on an increase sees the first one.
        foreach (var reason in RollbackReasons.All)
        {
            _rollbacks.Add(0, new KeyValuePair<string, object?>("reason", reason));
        }
    }

    public void Observe(Func<int> queueDepth, Func<long> walBytes)
    {
        // At zero: an alert on an increase misses the first one of a series that did not exist before.
        _committed.Add(0);
        foreach (var reason in (string[])["rejected", "error", "disk_full", "busy"])
        {
            RolledBack(reason, 0);
        }

        foreach (var reason in (string[])["queue_full", "headroom"])
        {
            _refused.Add(0, Reason(reason));
        }

        _meter.CreateObservableGauge("afirgen_writer_queue_depth", queueDepth, description: "Writes waiting for the journal");
        _meter.CreateObservableGauge("afirgen_wal_bytes", walBytes, description: "Length of the journal's write-ahead log");
    }

    public void Committed(int units, TimeSpan elapsed)
    {
        _committed.Add(units);
        _batchSize.Record(units);
        _commitSeconds.Record(elapsed.TotalSeconds);
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

    public static readonly IReadOnlyList<string> All = [Rejected, Error, DiskFull, Busy];
}
