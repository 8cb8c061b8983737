using System.Text.Json;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Sqlite;
using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Drafting.Sessions;

/// <summary>Everything that one request changes about a session: committed whole or not at all (G2).</summary>
internal sealed class SessionChange
{
    private readonly List<EventRow> _events = [];

    private SessionChange(SessionState? before, SessionState after)
    {
        Before = before;
        After = after;
    }

    public SessionState? Before { get; }
    public SessionState After { get; private set; }
    public IReadOnlyList<EventRow> Events => _events;
    public RegistryChange? ForRegistry { get; set; }
    public AttachmentRow? Attachment { get; init; }

    public static SessionChange Of(SessionState session) => new(session, session);

    public static SessionChange New(
        string sessionId,
        string firNumber,
        ComplaintReceived complaint,
        DateTimeOffset at,
        AttachmentRow? attachment = null
    )
    {
        var change = new SessionChange(null, SessionState.Start(sessionId, firNumber, complaint, at)) { Attachment = attachment };
        change.Append(complaint, at);
        return change;
    }

    public void Add(SessionEvent e, DateTimeOffset at)
    {
        After = After.Apply(e, at);
        Append(e, at);
    }

    private void Append(SessionEvent e, DateTimeOffset at) =>
        _events.Add(new(After.Version, JsonSerializer.Serialize(e, SessionJson.Stored.SessionEvent), JournalStore.Stamp(at)));
}

/// <summary>Stores the answer of a request in the transaction of its effect, so that a retry gets the same one (G3).</summary>
internal interface IAnswerRecorder
{
    /// <summary>Called before the transaction, so that nothing slow runs inside it.</summary>
    void Prepare(SessionState after);

    void Record(SqliteSession db, string sessionId, long? outboxId);
}

/// <summary>Sessions in the journal.</summary>
internal sealed class SessionStore(JournalStore journal, OutboxForwarder forwarder)
{
    public Task<SessionState?> FindAsync(string sessionId, CancellationToken cancellationToken) =>
        journal.ReadAsync(db => Read(SessionTables.Find(db, sessionId)), cancellationToken);

    public Task<SessionState?> FindByFirNumberAsync(string firNumber, CancellationToken cancellationToken) =>
        journal.ReadAsync(db => Read(SessionTables.FindByFirNumber(db, firNumber)), cancellationToken);

    public Task<AttachmentRow?> FindAttachmentAsync(string sessionId, CancellationToken cancellationToken) =>
        journal.ReadAsync(db => SessionTables.Attachment(db, sessionId), cancellationToken);

    /// <summary>Session row, events, outbox row and idempotency record in one transaction.</summary>
    /// <returns>The wait for the registry; null when the registry has nothing to hear.</returns>
    /// <exception cref="SessionConflictException">Another request changed the session first; nothing of this one happened.</exception>
    public async Task<PendingDelivery?> CommitAsync(
        SessionChange change,
        IAnswerRecorder? answer,
        CancellationToken cancellationToken,
        Action<SqliteSession>? precondition = null
    )
    {
        answer?.Prepare(change.After);
        var row = ToRow(change.After);
        var payload = change.ForRegistry is null ? default : OutboxPayload.Write(change.ForRegistry);
        var delivery = change.ForRegistry is null ? null : new PendingDelivery();
        try
        {
            await journal.WriteAsync(
                db =>
                {
                    precondition?.Invoke(db);
                    Write(db, change, row);
                    long? outboxId = null;
                    if (delivery is not null)
                    {
                        outboxId = OutboxTable.Insert(db, row.SessionId, payload.Kind, payload.Json, row.LastActivity);
                        forwarder.Expect(outboxId.Value, delivery);
                    }

                    answer?.Record(db, row.SessionId, outboxId);
                    return true;
                },
                cancellationToken
            );
        }
        catch when (delivery is not null)
        {
            forwarder.Forget(delivery);
            throw;
        }

        forwarder.Wake();
        return delivery;
    }

    /// <summary>Inside a transaction of somebody else's.</summary>
    public static void Write(SqliteSession db, SessionChange change) => Write(db, change, ToRow(change.After));

    public static SessionState? Read(SessionRow? row) =>
        row is null ? null : JsonSerializer.Deserialize(row.State, SessionJson.Stored.SessionState);

    private static void Write(SqliteSession db, SessionChange change, SessionRow row)
    {
        if (change.Before is null)
        {
            Insert(db, row);
        }
        else if (!SessionTables.Update(db, row, change.Before.Version))
        {
            throw new SessionConflictException(row.SessionId);
        }

        foreach (var e in change.Events)
        {
            SessionTables.Append(db, row.SessionId, e);
        }

        if (change.Attachment is not null)
        {
            SessionTables.Attach(db, row.SessionId, change.Attachment);
        }
    }

    private static void Insert(SqliteSession db, SessionRow row)
    {
        try
        {
            SessionTables.Insert(db, row);
        }
        catch (SqliteException e) when (SqliteFailure.IsConstraint(e))
        {
            throw new SessionConflictException(row.SessionId);
        }
    }

    private static SessionRow ToRow(SessionState state) =>
        new(
            state.SessionId,
            state.FirNumber,
            JsonSerializer.Serialize(state, SessionJson.Stored.SessionState),
            SnakeCase.Of(state.Status),
            SnakeCase.Of(state.CurrentStep),
            state.Version,
            JournalStore.Stamp(state.CreatedAt),
            JournalStore.Stamp(state.LastActivity)
        );
}

/// <summary>Two requests changed one session at once, or an id exists already: the other one won.</summary>
internal sealed class SessionConflictException(string sessionId)
    : UnitRejectedException($"Session {sessionId} was changed by another request.");
