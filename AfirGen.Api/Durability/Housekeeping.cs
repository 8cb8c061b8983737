using System.ComponentModel.DataAnnotations;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.ServiceDefaults.Draining;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Durability;

/// <summary>Configuration section <c>AfirGen:Housekeeping</c>.</summary>
internal sealed class HousekeepingOptions
{
    public const string Section = "AfirGen:Housekeeping";

    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long answers are kept for retries; never less than a day.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00")]
    public TimeSpan IdempotencyRetention { get; set; } = TimeSpan.FromDays(2);

    /// <summary>How long delivered outbox rows are kept for the self-audit.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan OutboxRetention { get; set; } = TimeSpan.FromDays(2);

    /// <summary>Pause between two batches of the self-audit.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "1.00:00:00")]
    public TimeSpan AuditInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause between two checks of the SQLite files, read whole.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan IntegrityInterval { get; set; } = TimeSpan.FromDays(1);
}

/// <summary>Expires idle sessions, and deletes old answers and delivered outbox rows in small batches. Pauses while the service drains.</summary>
internal sealed class Housekeeping(
    SessionUpkeep sessions,
    Retention retention,
    ServiceReadiness readiness,
    InFlightRequests requests,
    IOptions<HousekeepingOptions> options,
    TimeProvider clock,
    ILogger<Housekeeping> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // Nothing is written behind the back of a drain.
            if (!readiness.IsReady || requests.IsDraining)
            {
                continue;
            }

            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(e, "Housekeeping failed and is tried again in {Interval}", options.Value.Interval);
            }
        }
    }

    private async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await sessions.ExpireAsync(cancellationToken);
        await retention.DeleteOldAsync(() => !requests.IsDraining, cancellationToken);
    }
}
