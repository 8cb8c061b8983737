using AfirGen.Api.Durability;
using AfirGen.Api.Journal;

namespace AfirGen.Api.Forwarding;

/// <summary>
/// Keeps depth and age of the outbox fresh for the metrics, whether or not the registry was ever reached: an outbox that fills behind a
/// registry that is away is what an operator must be told of first. Scrapes read the last value and never wait for a store.
/// </summary>
internal sealed class BacklogGauge(
    JournalStore journal,
    ServiceReadiness readiness,
    ForwardingMetrics metrics,
    RegistryLink link,
    TimeProvider clock,
    ILogger<BacklogGauge> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.Begin(link);
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!readiness.IsReady)
            {
                continue;
            }

            try
            {
                metrics.Observe(await journal.ReadAsync(OutboxTable.Backlog, stoppingToken));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(e, "The outbox could not be counted");
            }
        }
    }
}
