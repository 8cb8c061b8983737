using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Journal;
using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Endpoints;

/// <summary>Composes the answer from the state that is about to be committed, and stores it in that very transaction.</summary>
internal sealed class SessionAnswer<T>(
    Idempotency idempotency,
    IdempotencyScope? scope,
    Func<SessionState, T> compose,
    JsonTypeInfo<T> type
) : IAnswerRecorder
{
    public Answer? Answer { get; private set; }

    public void Prepare(SessionState after) =>
        Answer = new(
            StatusCodes.Status200OK,
            new() { ["ETag"] = RequestReading.ETag(after) },
            JsonSerializer.SerializeToUtf8Bytes(compose(after), type)
        );

    public void Record(SqliteSession db, string sessionId, long? outboxId)
    {
        if (scope is not null)
        {
            IdempotencyTable.Put(db, scope, idempotency.Row(scope, Answer, sessionId, outboxId));
        }
    }
}

/// <summary>Notes that a request has begun to have an effect; its answer follows in a later transaction.</summary>
internal sealed class Claim(Idempotency idempotency, IdempotencyScope? scope) : IAnswerRecorder
{
    public void Prepare(SessionState after) { }

    public void Record(SqliteSession db, string sessionId, long? outboxId)
    {
        if (scope is not null)
        {
            // Without the outbox row: what this request still waits for is its own work, not the registry.
            IdempotencyTable.Put(db, scope, idempotency.Row(scope, null, sessionId, outboxId: null));
        }
    }
}
