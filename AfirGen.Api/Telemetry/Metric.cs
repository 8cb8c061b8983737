using AfirGen.Api.Journal;
using AfirGen.ServiceDefaults.Draining;
using AfirGen.ServiceDefaults.Telemetry;

namespace AfirGen.Api.Telemetry;

/// <summary>
/// Every metric of the service: instruments are made from this list, docs/metrics.md is written from it, and a scrape, the alert rules and the
/// dashboard are held against it.
/// </summary>
internal static class Metric
{
    /// <summary>Values of the label <c>outcome</c> of <see cref="LastStop"/>.</summary>
    public const string Crash = "crash";

    /// <summary>Seconds.</summary>
    private static readonly double[] CommitBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

    private static readonly List<MetricDefinition> Defined = [.. DrainMetric.All];
    private static readonly MetricLabel Store = new("store", "journal", "registry");
    private static readonly MetricLabel Outcome = DrainMetric.Shutdowns.Labels[0];

    public static readonly MetricDefinition Acknowledged = Counter(
        "afirgen_ack_total",
        "units of work",
        "Committed to the journal, synced and acknowledged"
    );
    public static readonly MetricDefinition Rollbacks = Counter(
        "afirgen_tx_rollback_total",
        "units of work",
        "Rolled back. `rejected`: a race was lost, nothing is wrong; `error`: a fault; `disk_full`; `busy`: another program held the lock",
        new MetricLabel("reason", RollbackReasons.Rejected, RollbackReasons.Error, RollbackReasons.DiskFull, RollbackReasons.Busy)
    );
    public static readonly MetricDefinition WritesRefused = Counter(
        "afirgen_journal_refused_total",
        "writes",
        "Refused before they began: the queue was full, or the disk's reserve was reached",
        new MetricLabel("reason", RefusalReasons.QueueFull, RefusalReasons.Headroom)
    );
    public static readonly MetricDefinition CommitSeconds = Histogram(
        "afirgen_commit_seconds",
        MetricUnits.Seconds,
        "From BEGIN to the return of COMMIT, fsync included",
        CommitBuckets
    );
    public static readonly MetricDefinition FsyncSeconds = Histogram(
        "afirgen_commit_fsync_seconds",
        MetricUnits.Seconds,
        "The COMMIT alone: the batch is written to the log and synced",
        CommitBuckets
    );
    public static readonly MetricDefinition BatchSize = Histogram(
        "afirgen_commit_batch_size",
        "units of work",
        "Covered by one fsync",
        1,
        2,
        4,
        8,
        16,
        32,
        64,
        128,
        256,
        512
    );
    public static readonly MetricDefinition QueueDepth = Gauge("afirgen_writer_queue_depth", "writes", "Waiting for the journal");
    public static readonly MetricDefinition QueueLimit = Gauge(
        "afirgen_writer_queue_limit",
        "writes",
        "That may wait before 503: `AfirGen:Journal:MaxQueueLength`"
    );
    public static readonly MetricDefinition WalBytes = Gauge(
        "afirgen_wal_bytes",
        MetricUnits.Bytes,
        "Length of the journal's write-ahead log"
    );
    public static readonly MetricDefinition Delivered = Counter(
        "afirgen_outbox_delivered_total",
        "rows",
        "Outbox rows confirmed by the registry"
    );
    public static readonly MetricDefinition DeliveryFailures = Counter(
        "afirgen_outbox_failures_total",
        "deliveries",
        "That the registry did not confirm; they are repeated"
    );
    public static readonly MetricDefinition OutboxDepth = Gauge("afirgen_outbox_depth", "rows", "Outbox rows not delivered yet");
    public static readonly MetricDefinition OutboxAge = Gauge(
        "afirgen_outbox_age_seconds",
        MetricUnits.Seconds,
        "Age of the oldest outbox row not delivered yet; 0 when there is none"
    );
    public static readonly MetricDefinition RegistryConnected = Gauge(
        "afirgen_registry_connected",
        MetricUnits.OneOrZero,
        "1 when the registry answered last time"
    );
    public static readonly MetricDefinition Ready = Gauge(
        "afirgen_ready",
        MetricUnits.OneOrZero,
        "1 while requests are taken: started, configured durably, not draining"
    );
    public static readonly MetricDefinition StartTime = Gauge(
        "afirgen_start_time_seconds",
        MetricUnits.Seconds,
        "When the process started, in Unix time"
    );
    public static readonly MetricDefinition UncleanStarts = Counter(
        "afirgen_unclean_start_total",
        "starts",
        "1 when the run before this one did not stop cleanly"
    );
    public static readonly MetricDefinition LastStop = Gauge(
        "afirgen_last_stop",
        MetricUnits.OneOrZero,
        "1 for how the run before this one ended: a process that goes cannot be scraped any more, so the next one tells",
        Outcome with
        {
            Values = [.. Outcome.Values, Crash],
        }
    );
    public static readonly MetricDefinition LastStopDuration = Gauge(
        "afirgen_last_stop_duration_seconds",
        MetricUnits.Seconds,
        "How long it drained and flushed; 0 after a crash"
    );
    public static readonly MetricDefinition Recovered = Counter(
        "afirgen_recovered_total",
        "items",
        "That the start found unfinished: outbox rows to deliver, uploads to read, sessions that had expired",
        new MetricLabel("kind", "outbox", "upload", "expired_session")
    );
    public static readonly MetricDefinition AuditChecked = Counter(
        "afirgen_ack_checked_total",
        "sessions",
        "Acknowledged changes that the self-audit read again"
    );
    public static readonly MetricDefinition AuditMissing = Counter(
        "afirgen_ack_missing_total",
        "sessions",
        "Acknowledged changes that the self-audit did not find again; **must stay 0**"
    );
    public static readonly MetricDefinition Reconciled = Counter(
        "afirgen_reconciled_total",
        "sessions",
        "Compared by the self-audit between journal and registry. `waiting`: nothing was confirmed yet; `missing`: the registry lacks what it confirmed",
        new MetricLabel("outcome", "agrees", "waiting", "missing")
    );
    public static readonly MetricDefinition LedgerFaults = Counter(
        "afirgen_data_loss_incidents_total",
        "places",
        "Where the ledger was found broken; **must stay 0**"
    );
    public static readonly MetricDefinition LedgerOk = Gauge(
        "afirgen_ledger_ok",
        MetricUnits.OneOrZero,
        "0 once the ledger was found broken, until a restart"
    );
    public static readonly MetricDefinition LedgerVerified = Gauge(
        "afirgen_ledger_verified_position",
        "position",
        "The last ledger entry that was found right"
    );
    public static readonly MetricDefinition IntegrityAge = Gauge(
        "afirgen_integrity_age_seconds",
        MetricUnits.Seconds,
        "Since SQLite's own check found the file whole; a damaged one ends the process. MySQL has no series: it checks each page as it reads it",
        Store
    );
    public static readonly MetricDefinition SettingOk = Gauge(
        "afirgen_durability_setting_ok",
        MetricUnits.OneOrZero,
        "1 when the live store has the setting as the guarantee needs it",
        new MetricLabel("name"),
        new MetricLabel("store")
    );
    public static readonly MetricDefinition DiskFree = Gauge(
        "afirgen_disk_free_bytes",
        MetricUnits.Bytes,
        "Free on the disk of the data folder"
    );
    public static readonly MetricDefinition DiskReserve = Gauge(
        "afirgen_disk_reserve_bytes",
        MetricUnits.Bytes,
        "Below this much free space writes are refused: `AfirGen:Journal:MinFreeMebibytes`"
    );
    public static readonly MetricDefinition StoreBytes = Gauge(
        "afirgen_store_bytes",
        MetricUnits.Bytes,
        "Length of the store's file. MySQL has no series",
        Store
    );
    public static readonly MetricDefinition Backups = Counter(
        "afirgen_backup_total",
        "backups",
        "Taken by the service. `not_verified`: restored for trial, it was not right; `interrupted`: the service drained",
        new MetricLabel("outcome", "ok", "failed", "not_verified", "interrupted")
    );
    public static readonly MetricDefinition BackupAge = Gauge(
        "afirgen_backup_age_seconds",
        MetricUnits.Seconds,
        "Since the newest stored backup was taken; without one, since there are data"
    );
    public static readonly MetricDefinition RestoreVerifiedAge = Gauge(
        "afirgen_restore_verified_age_seconds",
        MetricUnits.Seconds,
        "Since a stored backup was last restored for trial and found right; without one, since there are data"
    );

    public static readonly MetricDefinition KeyFileOk = Gauge(
        "afirgen_key_file_ok",
        MetricUnits.OneOrZero,
        "0 while the file of API keys is damaged, gone or unreadable: the keys of before stay in force, and nothing can be revoked"
    );

    public static readonly MetricDefinition AuditLost = Counter(
        "afirgen_audit_lost_total",
        "records",
        "Of reading, signing in, wrong keys and operating that the audit log lacks, for the journal did not take them; they stand in the log of the service. A write is never without its record"
    );

    /// <summary>The list.</summary>
    public static IReadOnlyList<MetricDefinition> All => Defined;

    private static MetricDefinition Counter(string name, string unit, string meaning, params MetricLabel[] labels) =>
        Define(new(name, MetricKind.Counter, unit, meaning) { Labels = labels });

    private static MetricDefinition Gauge(string name, string unit, string meaning, params MetricLabel[] labels) =>
        Define(new(name, MetricKind.Gauge, unit, meaning) { Labels = labels });

    private static MetricDefinition Histogram(string name, string unit, string meaning, params double[] buckets) =>
        Define(new(name, MetricKind.Histogram, unit, meaning) { Buckets = buckets });

    private static MetricDefinition Define(MetricDefinition metric)
    {
        Defined.Add(metric);
        return metric;
    }
}
