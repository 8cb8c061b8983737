using AfirGen.Api.Audit;
using AfirGen.Api.Durability;
using AfirGen.ServiceDefaults.Draining;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Backup;

/// <summary>Backups of the running service, one at a time. A drain ends one: its snapshot would keep the journal from being flushed.</summary>
internal sealed class ServiceBackup(
    BackupRun run,
    IOptions<BackupOptions> options,
    ServiceReadiness readiness,
    InFlightRequests requests,
    BackupMetrics metrics,
    AuditTrail audit,
    ILogger<ServiceBackup> logger
) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile CancellationTokenSource? _stop;

    /// <summary>Raised when a backup has been stored.</summary>
    public event Action? Stored;

    /// <exception cref="BackupException">There is none; the message says why.</exception>
    public async Task<BackupReport> TakeAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.IsConfigured)
        {
            throw new BackupException(
                BackupFault.Configuration,
                "No backup folder is set. Set AfirGen__Backup__Folder and AfirGen__Backup__KeyFile."
            );
        }

        if (!readiness.HasStarted)
        {
            throw new BackupException(BackupFault.Failed, "The service has not started yet.");
        }

        if (!await _one.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            throw new BackupException(BackupFault.Failed, "A backup is being made already.");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            _stop = stop;
            var report = await Task.Run(() => run.TakeAsync(Observe, stop.Token), stop.Token);
            metrics.Ended(null);
            logger.LogInformation(
                "Backup stored and restored for trial: {Folder}, {Bytes} bytes in {Duration}, deliveries stood still for {Pause}",
                report.Folder,
                report.Bytes,
                report.Duration,
                report.Pause
            );
            Stored?.Invoke();
            await audit.RecordOwnAsync(AuditEntry.OfService(AuditActions.Backup, Path.GetFileName(report.Folder), "stored"));
            return report;
        }
        catch (Exception e)
        {
            metrics.Ended(e);
            await audit.RecordOwnAsync(AuditEntry.OfService(AuditActions.Backup, "", "failed"));
            logger.LogError(e is BackupException or OperationCanceledException ? null : e, "There is no new backup: {Reason}", e.Message);
            throw e is OperationCanceledException && !cancellationToken.IsCancellationRequested
                ? new BackupException(BackupFault.Failed, "The service is draining; the backup was given up.", e)
                : e;
        }
        finally
        {
            _stop = null;
            _one.Release();
        }
    }

    /// <summary>Ends a backup that is under way. Returns when its snapshots are closed.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_stop is { } stop)
        {
            await stop.CancelAsync();
        }

        await _one.WaitAsync(cancellationToken);
        _one.Release();
    }

    public void Dispose() => _one.Dispose();

    private void Observe(BackupProgress progress)
    {
        if (requests.IsDraining)
        {
            throw new OperationCanceledException("The service is draining.");
        }
    }
}

/// <summary>Runs before the stores are flushed.</summary>
internal sealed class EndBackup(ServiceBackup backup) : IFlushOnShutdown
{
    public int Order => 5;
    public string Name => "backup";

    public Task FlushAsync(CancellationToken cancellationToken) => backup.EndAsync(cancellationToken);
}
