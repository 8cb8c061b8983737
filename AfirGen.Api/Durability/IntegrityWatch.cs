using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Sqlite;
using AfirGen.ServiceDefaults.Draining;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Durability;

/// <summary>
/// Lets SQLite check the files now and then while the service runs; each start does it before anything else. It ends at once when a drain
/// begins: its snapshot would keep the checkpoint from finishing.
/// </summary>
internal sealed class IntegrityWatch(
    JournalStore journal,
    IRegistry registry,
    ServiceReadiness readiness,
    InFlightRequests requests,
    DurabilityMetrics metrics,
    IOptions<HousekeepingOptions> options,
    TimeProvider clock,
    ILogger<IntegrityWatch> logger
) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, IReadOnlyList<string>> _found = [];

    /// <summary>What is wrong with a file; null when nothing is known to be.</summary>
    public string? Fault { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Retry;
            if (readiness.IsReady && !requests.IsDraining)
            {
                try
                {
                    await CheckAsync(stoppingToken);
                    pause = options.Value.IntegrityInterval;
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    logger.LogWarning("The files could not be checked and are tried again: {Reason}", e.Message);
                }
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        bool MayGoOn() => !requests.IsDraining && !cancellationToken.IsCancellationRequested;
        Note("journal", await journal.ReadAsync(db => IntegrityCheck.Find(db, MayGoOn), cancellationToken));
        if (await registry.FindDamageAsync(MayGoOn, cancellationToken) is { } found)
        {
            Note("registry", found);
        }
    }

    private void Note(string store, IReadOnlyList<string> found)
    {
        if (found.Count > 0)
        {
            var fault = $"the file of the {store} is damaged: {string.Join("; ", found)}";
            if (fault != Fault)
            {
                logger.LogCritical("DAMAGED: {Fault}. Stop the service and restore it from a backup", fault);
            }

            Fault = fault;
        }

        _found[store] = found;
        metrics.Observe(_found.ToDictionary(one => one.Key, one => one.Value.Count == 0));
    }
}
