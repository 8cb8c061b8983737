using AfirGen.Api.Registry;
using AfirGen.Api.Sqlite;
using AfirGen.ServiceDefaults.Draining;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Durability;

/// <summary>
/// Lets SQLite check its files now and then while the service runs; each start does it before anything else. It ends at once when a drain
/// begins: its snapshot would keep the checkpoint from finishing.
/// </summary>
internal sealed class IntegrityWatch(
    DataFolder folder,
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
    private readonly Dictionary<string, bool> _sound = [];
    private volatile string? _fault;

    /// <summary>What is wrong with a file; null when nothing is known to be.</summary>
    public string? Fault => _fault;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bool MayGoOn() => readiness.IsReady && !requests.IsDraining && !stoppingToken.IsCancellationRequested;
        while (!stoppingToken.IsCancellationRequested)
        {
            var through = false;
            try
            {
                through = MayGoOn() && await Task.Run(() => Check(MayGoOn), stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(e, "The files could not be checked and are tried again");
            }

            var pause = through ? options.Value.IntegrityInterval : Retry;
            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool Check(Func<bool> mayGoOn) =>
        Check("journal", folder.JournalFile, mayGoOn) && (registry.Kind != "embedded" || Check("registry", folder.RegistryFile, mayGoOn));

    private bool Check(string store, string file, Func<bool> mayGoOn)
    {
        if (IntegrityCheck.Find(file, mayGoOn) is not { } found)
        {
            return false;
        }

        if (found.Count > 0)
        {
            var fault = $"{file} is damaged: {string.Join("; ", found)}";
            if (fault != _fault)
            {
                logger.LogCritical("{Fault}. Stop the service and restore the file from a backup", fault);
            }

            _fault = fault; // stays until somebody has looked: a start does not go on with it
        }

        _sound[store] = found.Count == 0;
        metrics.Observe(new Dictionary<string, bool>(_sound));
        return true;
    }
}
