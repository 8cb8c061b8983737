using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Sqlite;
using AfirGen.ServiceDefaults.Draining;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Durability;

/// <summary>
/// Reads again what was acknowledged, a few sessions at a time, for ever: events gapless and adding up to the state, delivered FIRs present
/// in the registry with at least the status they had. What is missing is a data loss incident, counted and logged (G6).
/// </summary>
internal sealed class Scrubber(
    JournalStore journal,
    IRegistry registry,
    ServiceReadiness readiness,
    InFlightRequests requests,
    DurabilityMetrics metrics,
    IOptions<HousekeepingOptions> options,
    TimeProvider clock,
    ILogger<Scrubber> logger
) : BackgroundService
{
    private const int BatchSize = 50;
    private static readonly string[] Ranks = [FirStatus.Draft, FirStatus.Pending, FirStatus.Finalized];
    private readonly HashSet<string> _reported = [];
    private string _position = "";

    /// <summary>Sessions found incomplete since the start; each is counted once.</summary>
    public int Missing => _reported.Count;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.AuditInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!readiness.HasStarted || requests.IsDraining)
            {
                continue;
            }

            try
            {
                await AuditBatchAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(e, "The self-audit could not read a store and tries again");
            }
        }
    }

    private async Task AuditBatchAsync(CancellationToken cancellationToken)
    {
        // One snapshot: a session and its events are read as one commit left them.
        var batch = await journal.ReadAsync(db => ReadBatch(db, _position), cancellationToken);
        var statuses = await registry.StatusesAsync([.. batch.Select(s => s.Row.FirNumber)], cancellationToken);
        var missing = 0;
        foreach (var session in batch)
        {
            var inRegistry = FaultInRegistry(session, statuses);
            metrics.Reconciled(
                session.Delivered is null ? "waiting"
                : inRegistry is null ? "agrees"
                : "missing"
            );
            var fault = FaultInJournal(session) ?? inRegistry;
            missing += fault is null ? 0 : Report(session.Row.SessionId, session.Row.FirNumber, fault);
        }

        if (batch.Count < BatchSize)
        {
            // The end of a round: what the walk over the sessions cannot meet.
            var lost = await journal.ReadAsync(db => OutboxTable.LostSessions(db, BatchSize + _reported.Count), cancellationToken);
            missing += lost.Sum(sessionId => Report(sessionId, "its FIR", "the session is gone, its outbox rows are there"));
        }

        metrics.Audited(batch.Count, missing);
        _position = batch.Count == 0 ? "" : batch[^1].Row.SessionId; // last, so that a store that could not be read is tried again
    }

    /// <returns>1 when this loss is new.</returns>
    private int Report(string sessionId, string firNumber, string fault)
    {
        if (!_reported.Add(sessionId))
        {
            return 0;
        }

        logger.LogCritical("DATA LOSS: session {SessionId}, {FirNumber}: {Fault}", sessionId, firNumber, fault);
        return 1;
    }

    private static List<Acknowledged> ReadBatch(SqliteSession db, string after)
    {
        db.Execute("BEGIN");
        try
        {
            return SessionTables
                .ListFrom(db, after, BatchSize)
                .ConvertAll(row => new Acknowledged(
                    row,
                    SessionTables.Events(db, row.SessionId),
                    OutboxTable.LastDelivered(db, row.SessionId)
                ));
        }
        finally
        {
            db.Execute("COMMIT");
        }
    }

    private static string? FaultInJournal(Acknowledged session)
    {
        if (session.Events.Count != session.Row.Version || session.Events.Where((e, i) => e.Seq != i + 1).Any())
        {
            return $"{session.Events.Count} events, {session.Row.Version} were acknowledged";
        }

        try
        {
            return SessionReplay.Differs(session.Row, session.Events) ? "the events do not add up to the state" : null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Altered so that it is no history at all: the worst finding, and no reason to skip the others of the batch.
            return $"the events cannot be replayed: {e.GetType().Name}";
        }
    }

    private static string? FaultInRegistry(Acknowledged session, IReadOnlyDictionary<string, string> statuses)
    {
        var wanted = session.Delivered switch
        {
            null => null,
            OutboxTable.Draft => FirStatus.Draft,
            OutboxTable.Pending => FirStatus.Pending,
            _ => FirStatus.Finalized,
        };
        if (wanted is null)
        {
            return null;
        }

        return statuses.TryGetValue(session.Row.FirNumber, out var found)
            ? Array.IndexOf(Ranks, found) >= Array.IndexOf(Ranks, wanted)
                ? null
                : $"the registry says {found}, it had confirmed {wanted}"
            : "the registry does not have it, it had confirmed it";
    }

    private sealed record Acknowledged(SessionRow Row, List<EventRow> Events, string? Delivered);
}
