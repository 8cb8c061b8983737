using AfirGen.Api.Durability;
using AfirGen.Api.Journal;
using AfirGen.ServiceDefaults.Draining;

namespace AfirGen.Api.Access;

/// <summary>
/// Reads the key file each second, all of it: it is small, and neither a time stamp of a coarse clock nor a volume that reports no changes can
/// hide a revocation then. What changed is recorded once the journal takes writes.
/// </summary>
internal sealed class KeyFileWatch(
    AccessKeys keys,
    KeyFileAudit audit,
    ServiceReadiness readiness,
    InFlightRequests requests,
    TimeProvider clock,
    ILogger<KeyFileWatch> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private IReadOnlyList<StoredKey>? _recorded;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!keys.HasFile)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            keys.Reread();
            // Nothing is written behind the back of a drain.
            if (readiness.IsReady && !requests.IsDraining && !ReferenceEquals(_recorded, keys.Stored))
            {
                await RecordAsync(stoppingToken);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RecordAsync(CancellationToken cancellationToken)
    {
        var stored = keys.Stored;
        try
        {
            await audit.RecordAsync(stored, cancellationToken);
            _recorded = stored;
        }
        catch (JournalRefusedException e)
        {
            logger.LogWarning("Changes of the API keys are not in the audit log yet, and are tried again: {Reason}", e.Message);
        }
    }
}
