using AfirGen.Api.Sqlite;
using AfirGen.ServiceDefaults.Draining;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Durability;

/// <summary>
/// Reads the SQLite stores whole and checks their structure: soon after the start those that the start did not check because they are as a
/// clean stop left them, and from then on all of them, once in <see cref="HousekeepingOptions.IntegrityInterval"/>. A damaged store ends the
/// process (G8); the next start finds the damage before anything writes to the file, and says what to do.
/// </summary>
internal sealed class IntegrityWatch(
    DataFolder folder,
    StartupSequence startup,
    InFlightRequests requests,
    FatalStop fatal,
    DurabilityMetrics metrics,
    IOptions<HousekeepingOptions> options,
    TimeProvider clock,
    ILogger<IntegrityWatch> logger
) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _reading = new(1, 1);

    /// <summary>
    /// Waits for the reading, which a drain ends at once, to have closed its connection: an open snapshot keeps the log from being emptied.
    /// While the service drains no other reading begins.
    /// </summary>
    public async Task StandAsideAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        _reading.Release();
    }

    public override void Dispose()
    {
        base.Dispose();
        _reading.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await (startup.ExecuteTask ?? Task.CompletedTask).WaitAsync(stoppingToken);
        string[] stores = [folder.JournalFile, folder.RegistryFile];
        var due = new Queue<string>(stores.Where(folder.IsAsLeft));
        foreach (var store in stores.Where(File.Exists).Except(due))
        {
            Whole(store); // the start has checked it
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            if (due.TryPeek(out var store) && await TryCheckAsync(store, stoppingToken))
            {
                due.Dequeue();
            }
            else
            {
                await Task.Delay(due.Count > 0 ? Retry : options.Value.IntegrityInterval, clock, stoppingToken);
                due = due.Count > 0 ? due : new(stores.Where(File.Exists));
            }
        }
    }

    private void Whole(string store) => metrics.Whole(store == folder.JournalFile ? "journal" : "registry", clock.GetUtcNow());

    /// <returns>False: not now, or not to the end.</returns>
    private async Task<bool> TryCheckAsync(string store, CancellationToken stoppingToken)
    {
        await _reading.WaitAsync(stoppingToken);
        try
        {
            var started = clock.GetTimestamp();
            var whole = await Task.Run(
                () => IntegrityCheck.TryRequireTables(store, () => !requests.IsDraining && !stoppingToken.IsCancellationRequested),
                CancellationToken.None
            );
            if (whole)
            {
                Whole(store);
                logger.LogInformation("{Store} is whole: checked in {Duration}", Path.GetFileName(store), clock.GetElapsedTime(started));
            }

            return whole;
        }
        catch (StoreNotDurableException e)
        {
            fatal.Stop("A store is damaged", e);
            return false;
        }
        finally
        {
            _reading.Release();
        }
    }
}
