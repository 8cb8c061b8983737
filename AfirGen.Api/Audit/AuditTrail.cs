using System.Diagnostics.Metrics;
using AfirGen.Api.Journal;
using AfirGen.Api.Sqlite;
using AfirGen.Api.Telemetry;
using AfirGen.ServiceDefaults.Telemetry;

namespace AfirGen.Api.Audit;

/// <summary>
/// Writes the audit log. A write's record is part of its transaction (<see cref="Append"/>). What changes no store is recorded in a
/// transaction of its own, and goes on when that cannot be written: a full disk must not keep an operator from draining, or an officer from
/// reading. What is lost so is counted, and stands in the log of the service instead.
/// </summary>
internal sealed class AuditTrail
{
    public const string MeterName = "AfirGen.Audit";
    private readonly JournalStore _journal;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Counter<long> _lost;

    public AuditTrail(JournalStore journal, IMeterFactory meters, TimeProvider clock, ILogger<AuditTrail> logger)
    {
        (_journal, _clock, _logger) = (journal, clock, logger);
        _lost = meters.Create(MeterName).Counter(Metric.AuditLost);
    }

    /// <summary>Not in the constructor: a zero that nobody hears is no series.</summary>
    public void PublishZeros() => _lost.PublishZeros(Metric.AuditLost);

    /// <summary>Inside the transaction of what it is the record of.</summary>
    public void Append(SqliteSession db, AuditEntry entry) => AuditTable.Append(db, JournalStore.Stamp(_clock.GetUtcNow()), entry);

    /// <summary>
    /// Of what a client causes: durable when this returns, or lost and counted. It takes nothing of the disk's reserve, which a loop of wrong keys
    /// would eat up.
    /// </summary>
    public Task RecordAsync(AuditEntry entry) => TryAsync(entry, _journal.WriteAsync);

    /// <summary>Of what operators and the service itself do: the reserve is for that too.</summary>
    public Task RecordOwnAsync(AuditEntry entry) => TryAsync(entry, _journal.WriteOwnAsync);

    /// <summary>The same for what nobody waits for: it shares the next commit, and takes nothing of the disk's reserve.</summary>
    public Task NoteAsync(AuditEntry entry) => TryAsync(entry, (unit, _) => _journal.WriteWithNextAsync(unit));

    /// <summary>For whoever records more than an entry, and tries again when it is refused.</summary>
    /// <exception cref="JournalRefusedException">Nothing was recorded.</exception>
    public Task WriteOwnAsync(Action<SqliteSession> unit, CancellationToken cancellationToken) =>
        Enqueue(unit, _journal.WriteOwnAsync, cancellationToken);

    private async Task TryAsync(AuditEntry entry, Func<Func<SqliteSession, bool>, CancellationToken, Task<bool>> write)
    {
        try
        {
            await Enqueue(db => Append(db, entry), write, CancellationToken.None);
        }
        catch (Exception e)
        {
            _lost.Add(1);
            _logger.LogError(
                e is JournalRefusedException ? null : e,
                "Not in the audit log: {Action} of {Subject} ({Outcome}) by {KeyName} {KeyId} from {Address}: {Reason}",
                entry.Action,
                entry.Subject,
                entry.Outcome,
                entry.KeyName,
                entry.KeyId,
                entry.Address,
                e.Message
            );
        }
    }

    private static Task<bool> Enqueue(
        Action<SqliteSession> unit,
        Func<Func<SqliteSession, bool>, CancellationToken, Task<bool>> write,
        CancellationToken cancellationToken
    ) =>
        write(
            db =>
            {
                unit(db);
                return true;
            },
            cancellationToken
        );
}
