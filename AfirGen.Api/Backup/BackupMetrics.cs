using System.Diagnostics.Metrics;
using AfirGen.Api.Telemetry;
using AfirGen.ServiceDefaults.Telemetry;

namespace AfirGen.Api.Backup;

/// <summary>
/// Meter <c>AfirGen.Backup</c>. Without any backup the ages are those of the data: what would be lost is as old as that. A time in the future
/// does not count, or no alert would fire until then.
/// </summary>
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
        _times = new(clock.GetUtcNow(), [], []);
        var meter = meters.Create(MeterName);
        _backups = meter.Counter(Metric.Backups);
        meter.Gauge(Metric.BackupAge, () => Age(times => times.Taken));
        meter.Gauge(Metric.RestoreVerifiedAge, () => Age(times => times.Verified));

        double Age(Func<StoredTimes, IEnumerable<DateTimeOffset?>> of)
        {
            var (now, times) = (clock.GetUtcNow(), Volatile.Read(ref _times));
            return (now - (of(times).Where(time => time <= now).Max() ?? times.Since)).TotalSeconds;
        }
    }

    /// <summary>Not in the constructor: a zero that nobody hears is no series.</summary>
    public void PublishZeros() => _backups.PublishZeros(Metric.Backups);

    /// <param name="since">UTC, when there first were data.</param>
    /// <param name="taken">UTC, of each backup.</param>
    /// <param name="verified">UTC, of the last check of each that found it right; null where there was none.</param>
    public void Observe(DateTimeOffset since, IReadOnlyList<DateTimeOffset?> taken, IReadOnlyList<DateTimeOffset?> verified) =>
        Volatile.Write(ref _times, new(since, taken, verified));

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

    private sealed record StoredTimes(DateTimeOffset Since, IReadOnlyList<DateTimeOffset?> Taken, IReadOnlyList<DateTimeOffset?> Verified);
}
