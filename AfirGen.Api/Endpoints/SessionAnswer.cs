using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AfirGen.Api.Audit;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Journal;
using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Endpoints;

/// <summary>
/// Composes the answer from the state that is about to be committed, and stores it in that very transaction, with the record of who did it.
/// </summary>
internal sealed class SessionAnswer<T>(
    Idempotency idempotency,
    AuditTrail audit,
    AuditEntry entry,
    IdempotencyScope? scope,
    Func<SessionState, T> compose,
    JsonTypeInfo<T> type
) : IAnswerRecorder
{
    private AuditEntry _entry = entry;

    public Answer? Answer { get; private set; }

    public void Prepare(SessionState after)
    {
        _entry = SessionAudit.Of(_entry, after);
        Answer = new(
            StatusCodes.Status200OK,
            new() { ["ETag"] = RequestReading.ETag(after) },
            JsonSerializer.SerializeToUtf8Bytes(compose(after), type)
        );
    }

    public void Record(SqliteSession db, string sessionId, long? outboxId)
    {
        audit.Append(db, _entry);
        if (scope is not null)
        {
            IdempotencyTable.Put(db, scope, idempotency.Row(scope, Answer, sessionId, outboxId));
        }
    }
}

/// <summary>Notes that a request has begun to have an effect; its answer follows in a later transaction.</summary>
internal sealed class Claim(Idempotency idempotency, AuditTrail audit, AuditEntry entry, IdempotencyScope? scope) : IAnswerRecorder
{
    private AuditEntry _entry = entry;

    public void Prepare(SessionState after) => _entry = SessionAudit.Of(_entry, after);

    public void Record(SqliteSession db, string sessionId, long? outboxId)
    {
        audit.Append(db, _entry);
        if (scope is not null)
        {
            // Without the outbox row: what this request still waits for is its own work, not the registry.
            IdempotencyTable.Put(db, scope, idempotency.Row(scope, null, sessionId, outboxId: null));
        }
    }
}

internal static class SessionAudit
{
    /// <summary>The version is the number of the session's last event: what was written is found by it, and is not repeated here.</summary>
    public static AuditEntry Of(AuditEntry entry, SessionState after) =>
        entry with
        {
            Subject = after.FirNumber,
            Outcome = $"version {after.Version}",
        };
}
