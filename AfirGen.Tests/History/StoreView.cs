using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.History;

internal sealed record StoredSession(SessionRow Row, IReadOnlyList<EventRow> Events)
{
    private IReadOnlyList<SessionState>? _states;

    /// <summary>The session after all of its events.</summary>
    public SessionState Now => At(Events.Count);

    /// <summary>The session as it was after its first <paramref name="version"/> events.</summary>
    public SessionState At(long version) => (_states ??= [.. SessionReplay.States(Row.SessionId, Row.FirNumber, Events)])[(int)version - 1];
}

/// <param name="StatusCode">Null while only the first part of the request is done.</param>
internal sealed record StoredAnswer(string ClientKey, string? SessionId, int? StatusCode, byte[]? Body);

internal sealed record StoredIntent(long Id, string SessionId, string Kind, bool Delivered, bool Accepted);

internal sealed record SerialCounter(string StationCode, int Year, long LastSerial);

/// <summary>Everything that both stores hold, read behind the service's back.</summary>
internal sealed record StoreView
{
    private ILookup<string, StoredAnswer>? _answersByKey;
    private ILookup<string, StoredIntent>? _intents;
    private Dictionary<string, FirRecord>? _firsBySession;

    public ILookup<string, StoredAnswer> AnswersByKey => _answersByKey ??= Answers.ToLookup(a => a.ClientKey);

    /// <summary>The outbox by session.</summary>
    public ILookup<string, StoredIntent> Intents => _intents ??= Outbox.ToLookup(i => i.SessionId);

    public IReadOnlyDictionary<string, FirRecord> FirsBySession => _firsBySession ??= Firs.ToDictionary(f => f.SessionId);

    public required IReadOnlyDictionary<string, StoredSession> Sessions { get; init; }

    public required IReadOnlyList<StoredAnswer> Answers { get; init; }

    public required IReadOnlyList<StoredIntent> Outbox { get; init; }

    public required IReadOnlyList<FirRecord> Firs { get; init; }

    public required IReadOnlyList<SerialCounter> Counters { get; init; }

    public static StoreView Read(Stores stores) =>
        ReadJournal(stores) with
        {
            Firs = stores.Registry(
                """
                SELECT fir_number, session_id, complaint_text, fir_content, violations_json, status, created_at, finalized_at,
                       station_code, registration_year, registration_serial, ledger_position, previous_hash, record_hash
                FROM fir_records
                """,
                row => new FirRecord(
                    row.GetString(0),
                    row.GetString(1),
                    row.GetString(2),
                    row.IsDBNull(3) ? null : row.GetString(3),
                    row.IsDBNull(4) ? null : row.GetString(4),
                    row.GetString(5),
                    row.GetString(6),
                    row.IsDBNull(7) ? null : row.GetString(7),
                    row.IsDBNull(10) ? null : new(row.GetString(8), row.GetInt32(9), row.GetInt64(10)),
                    row.IsDBNull(11) ? null : new(row.GetInt64(11), row.GetString(12), row.GetString(13))
                )
            ),
            Counters = stores.Registry(
                "SELECT station_code, registration_year, last_serial FROM registration_counters",
                row => new SerialCounter(row.GetString(0), row.GetInt32(1), row.GetInt64(2))
            ),
        };

    /// <summary>The journal's part alone.</summary>
    public static StoreView ReadJournal(Stores stores)
    {
        var events = stores
            .Journal(
                "SELECT session_id, seq, content, at FROM session_events ORDER BY session_id, seq",
                row => (SessionId: row.GetString(0), Event: new EventRow(row.GetInt64(1), row.GetString(2), row.GetString(3)))
            )
            .ToLookup(e => e.SessionId, e => e.Event);
        var sessions = stores.Journal(
            "SELECT session_id, fir_number, state, status, current_step, version, created_at, last_activity FROM session_rows",
            row => new SessionRow(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                row.GetString(3),
                row.GetString(4),
                row.GetInt64(5),
                row.GetString(6),
                row.GetString(7)
            )
        );
        return new()
        {
            Sessions = sessions.ToDictionary(s => s.SessionId, s => new StoredSession(s, [.. events[s.SessionId]])),
            Answers = stores.Journal(
                "SELECT client_key, session_id, status_code, body FROM idempotency",
                row => new StoredAnswer(
                    row.GetString(0),
                    row.IsDBNull(1) ? null : row.GetString(1),
                    row.IsDBNull(2) ? null : row.GetInt32(2),
                    row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3)
                )
            ),
            Outbox = stores.Journal(
                "SELECT id, session_id, kind, delivered_at IS NOT NULL, COALESCE(accepted, 0) FROM outbox ORDER BY id",
                row => new StoredIntent(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetBoolean(4))
            ),
            Firs = [],
            Counters = [],
        };
    }
}
