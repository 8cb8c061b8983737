using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AfirGen.Api.Durability;
using AfirGen.Api.Endpoints;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.ServiceDefaults.Draining;

namespace AfirGen.Api.Pages;

/// <summary>What the operator's page shows, each second. Reads only; the settings of the stores now and then, for they cost a query.</summary>
internal sealed class StatusFeed(
    DurabilityReport durability,
    ServiceReadiness readiness,
    DrainCoordinator drain,
    JournalStore journal,
    HealthReasons reasons,
    StartupSequence startup,
    LedgerWatch ledger,
    Scrubber scrubber,
    CommitPulse pulse,
    TimeProvider clock
)
{
    private const int TicksBetweenSettings = 5;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TickWhileStopping = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(1);

    /// <summary>Ends with the last word of a stop: the server waits for open answers, and must not wait for this one.</summary>
    /// <param name="mayGoOn">Asked before each word.</param>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync(
        Func<bool> mayGoOn,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        object? settings = null;
        for (var tick = 0; mayGoOn(); tick++)
        {
            var status = drain.Status;
            var stopped = status is { State: DrainState.Stopping, LastReport.ForStop: true };
            if (tick % TicksBetweenSettings == 0 && status.State != DrainState.Stopping)
            {
                settings = await durability.ReadAsync(cancellationToken);
            }

            var snapshot = await ReadAsync(status, settings, cancellationToken);
            yield return new(JsonSerializer.Serialize(snapshot, OperatorJson.Options), "status") { ReconnectionInterval = Reconnect };
            if (stopped)
            {
                yield break;
            }

            var pause = status.State == DrainState.Stopping ? TickWhileStopping : Tick;
            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                yield break;
            }
        }
    }

    private async Task<object> ReadAsync(DrainStatus status, object? settings, CancellationToken cancellationToken)
    {
        var (backlog, entry) = await JournalAsync(status, cancellationToken);
        return new
        {
            timestamp = clock.GetUtcNow(),
            ready = readiness.IsReady && status.State == DrainState.Serving,
            reasons = reasons.Read(),
            state = status.State,
            since = status.Since,
            in_flight = status.InFlight,
            last_flush = status.LastReport,
            outbox = backlog is null
                ? null
                : new { depth = backlog.Depth, age_seconds = ForwardingMetrics.Age(backlog, clock.GetUtcNow()).TotalSeconds },
            ledger = new
            {
                position = entry?.Position ?? 0,
                verified_to = ledger.LastVerified?.Position,
                verified_at = ledger.LastVerified?.At,
                fault = ledger.Fault?.Reason,
            },
            recovery = startup.Report,
            acknowledged_missing = scrubber.Missing,
            commits = pulse.Read(),
            durability = settings,
        };
    }

    private async Task<(OutboxBacklog? Backlog, LedgerCheckpoint? Entry)> JournalAsync(
        DrainStatus status,
        CancellationToken cancellationToken
    )
    {
        if (status.State == DrainState.Stopping || !readiness.HasStarted)
        {
            return (null, null); // it is being closed, or is not open yet
        }

        try
        {
            return await journal.ReadAsync(db => (OutboxTable.Backlog(db), LedgerAnchorTable.Furthest(db)), cancellationToken);
        }
        catch (JournalRefusedException)
        {
            return (null, null); // closed meanwhile: what is not known is shown as not known
        }
    }
}
