using System.Diagnostics.Metrics;
using AfirGen.Api.Telemetry;
using AfirGen.ServiceDefaults.Telemetry;

namespace AfirGen.Api.Backup;

/// <summary>Meter <c>AfirGen.Backup</c>. Without any backup the ages are those of the data: what would be lost is as old as that.</summary>
internal sealed class BackupMetrics
{
    public const string MeterName = "AfirGen.Backup";
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
        _backups = meter.Counter(Metric.Backups);
        meter.Gauge(Metric.BackupAge, () => (clock.GetUtcNow() - Volatile.Read(ref _times).Taken).TotalSeconds);
        meter.Gauge(Metric.RestoreVerifiedAge, () => (clock.GetUtcNow() - Volatile.Read(ref _times).Verified).TotalSeconds);
    }

    /// <summary>Not in the constructor: a zero that nobody hears is no series.</summary>
    public void PublishZeros() => _backups.PublishZeros(Metric.Backups);

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
