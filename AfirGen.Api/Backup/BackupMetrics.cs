using System.Diagnostics.Metrics;

namespace AfirGen.Api.Backup;

/// <summary>Meter <c>AfirGen.Backup</c>. Without any backup the ages are those of the data: what would be lost is as old as that.</summary>
internal sealed class BackupMetrics
{
    public const string MeterName = "AfirGen.Backup";
    private static readonly string[] Outcomes = [Ok, Failed, NotVerified, Interrupted];
    private const string Ok = "ok";
    private const string Failed = "failed";
    private const string NotVerified = "not_verified";
    private const string Interrupted = "interrupted";
    private readonly Counter<long> _backups;
    private StoredTimes _times;

    public BackupMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _times = new(clock.GetUtcNow(), clock.GetUtcNow());
        var meter = meters.Create(MeterName);
        _backups = meter.CreateCounter<long>("afirgen_backup", description: "Backups by outcome");
        meter.CreateObservableGauge(
            "afirgen_backup_age_seconds",
            () => (clock.GetUtcNow() - Volatile.Read(ref _times).Taken).TotalSeconds,
            description: "Since the newest stored backup was taken; without one, since there are data"
        );
        meter.CreateObservableGauge(
            "afirgen_restore_verified_age_seconds",
            () => (clock.GetUtcNow() - Volatile.Read(ref _times).Verified).TotalSeconds,
            description: "Since a stored backup was last restored for trial and found right; without one, since there are data"
        );
    }

    /// <summary>Not in the constructor: a zero that nobody hears is no series.</summary>
    public void PublishZeros()
    {
        foreach (var outcome in Outcomes)
        {
            _backups.Add(0, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    /// <param name="taken">UTC, of the newest backup.</param>
    /// <param name="verified">UTC, of the last check that found one right.</param>
    public void Observe(DateTimeOffset taken, DateTimeOffset verified) => Volatile.Write(ref _times, new(taken, verified));

    /// <param name="failure">Null when there is a backup.</param>
    public void Ended(Exception? failure) =>
        _backups.Add(
            1,
            new KeyValuePair<string, object?>(
                "outcome",
                failure switch
                {
                    null => Ok,
                    OperationCanceledException => Interrupted,
                    BackupException { Fault: BackupFault.Damaged } => NotVerified,
                    _ => Failed,
                }
            )
        );

    private sealed record StoredTimes(DateTimeOffset Taken, DateTimeOffset Verified);
}
