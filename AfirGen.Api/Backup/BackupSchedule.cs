using System.Globalization;
using AfirGen.Api.Durability;
using AfirGen.Api.Journal;
using AfirGen.Api.Sqlite;
using AfirGen.ServiceDefaults.Draining;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Backup;

/// <summary>
/// Backs the service up by itself. Due is counted from the newest stored backup, so a restart neither forgets nor doubles one; what failed
/// is tried again soon. A time in the future is no reason to wait: the clock was ahead. Without a folder it warns at every start, and the age
/// in the metrics goes on growing.
/// </summary>
internal sealed class BackupSchedule(
    ServiceBackup backup,
    JournalStore journal,
    ServiceReadiness readiness,
    InFlightRequests requests,
    BackupMetrics metrics,
    IOptions<BackupOptions> options,
    TimeProvider clock,
    ILogger<BackupSchedule> logger
) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);
    private DateTimeOffset _since;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.PublishZeros();
        if (!options.Value.IsConfigured)
        {
            logger.LogWarning(
                "NO BACKUPS are made: the loss of this machine would lose everything. Set AfirGen__Backup__Folder and AfirGen__Backup__KeyFile"
            );
        }

        using var timer = new PeriodicTimer(Look, clock);
        while (!readiness.HasStarted)
        {
            await timer.WaitForNextTickAsync(stoppingToken);
        }

        _since = await journal.ReadAsync(FirstMigration, stoppingToken) ?? clock.GetUtcNow();
        var newest = Observe();
        if (!options.Value.IsConfigured)
        {
            return;
        }

        backup.Stored += () => Observe();
        if (options.Value.Interval == TimeSpan.Zero)
        {
            return;
        }

        var due = newest + options.Value.Interval ?? DateTimeOffset.MinValue;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var wait = due - clock.GetUtcNow();
            // More than an interval: the clock was set back since.
            if ((wait > TimeSpan.Zero && wait <= options.Value.Interval) || requests.IsDraining || !readiness.IsReady)
            {
                continue;
            }

            due = await TakeAsync(stoppingToken);
        }
    }

    /// <returns>When the next one is due.</returns>
    private async Task<DateTimeOffset> TakeAsync(CancellationToken stoppingToken)
    {
        var interval = options.Value.Interval;
        // One that an operator has asked for meanwhile counts too.
        if (Observe() + interval is { } later && later > clock.GetUtcNow())
        {
            return later;
        }

        try
        {
            return (await backup.TakeAsync(stoppingToken)).TakenAt + interval;
        }
        catch (Exception) when (!stoppingToken.IsCancellationRequested)
        {
            return clock.GetUtcNow() + (interval < LongestRetry ? interval : LongestRetry); // ServiceBackup has logged and counted it
        }
    }

    /// <returns>When the newest stored backup was taken, of those up to now; null when there is none.</returns>
    private DateTimeOffset? Observe()
    {
        try
        {
            var stored = options.Value.IsConfigured ? BackupFolder.List(options.Value.Folder!) : [];
            metrics.Observe(_since, [.. stored.Select(BackupFolder.TimeOf)], [.. stored.Select(StoredBackup.VerifiedAt)]);
            return BackupFolder.UpTo(clock.GetUtcNow(), stored) is [.., var newest] ? BackupFolder.TimeOf(newest) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A share that is away is no reason to stop: the ages go on growing.
            logger.LogWarning("The backup folder cannot be read: {Reason}", e.Message);
            return null;
        }
    }

    /// <summary>Since when there are data.</summary>
    private static DateTimeOffset? FirstMigration(SqliteSession db) =>
        DateTimeOffset.TryParse(
            db.Scalar<string>("SELECT CAST(MIN(AppliedOn) AS TEXT) FROM VersionInfo"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var at
        )
            ? at
            : null;
}
