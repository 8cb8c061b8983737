using System.Text.Json;
using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Journal;

/// <summary>One intent that the registry must come to know. Delivered in id order.</summary>
internal sealed record OutboxRow(long Id, string SessionId, string Kind, string Payload, string CreatedAt);

internal static class OutboxTable
{
    public const string Draft = "draft";
    public const string Pending = "pending";
    public const string Register = "register";

    /// <returns>The row's id.</returns>
    public static long Insert(SqliteSession db, string sessionId, string kind, string payload, string createdAt) =>
        db.Scalar<long>(
            "INSERT INTO outbox (session_id, kind, payload, created_at) VALUES ($1, $2, $3, $4) RETURNING id",
            sessionId,
            kind,
            payload,
            createdAt
        );

    /// <param name="after">Only rows behind this id.</param>
    /// <param name="except">Sessions whose rows are left where they are.</param>
    public static List<OutboxRow> Undelivered(SqliteSession db, long after, int limit, IEnumerable<string> except) =>
        db.List(
            """
            SELECT id, session_id, kind, payload, created_at FROM outbox
            WHERE delivered_at IS NULL AND id > $3 AND session_id NOT IN (SELECT value FROM json_each($2)) ORDER BY id LIMIT $1
            """,
            Map,
            limit,
            JsonSerializer.Serialize(except),
            after
        );

    public static bool IsAccepted(SqliteSession db, long id) =>
        db.Scalar<long>("SELECT COUNT(*) FROM outbox WHERE id = $1 AND accepted = 1", id) == 1;

    public static bool HasUndelivered(SqliteSession db, string sessionId, string kind) =>
        db.Scalar<long>("SELECT COUNT(*) FROM outbox WHERE session_id = $1 AND kind = $2 AND delivered_at IS NULL", sessionId, kind) > 0;

    /// <summary>The kind of the last row of a session that the registry confirmed and that still counts: a registration, if any.</summary>
    public static string? LastDelivered(SqliteSession db, string sessionId) =>
        db.Scalar<string>(
            "SELECT kind FROM outbox WHERE session_id = $1 AND delivered_at IS NOT NULL AND accepted = 1 ORDER BY id DESC LIMIT 1",
            sessionId
        );

    public static void MarkDelivered(SqliteSession db, long id, bool accepted, string at) =>
        db.Execute("UPDATE outbox SET delivered_at = $1, accepted = $2 WHERE id = $3 AND delivered_at IS NULL", at, accepted ? 1 : 0, id);

    /// <summary>Takes back an intent that certainly never reached the registry.</summary>
    public static bool Withdraw(SqliteSession db, long id) =>
        db.Execute("DELETE FROM outbox WHERE id = $1 AND delivered_at IS NULL", id) == 1;

    /// <summary>Rows behind <paramref name="after"/> in id order, up to the first one that was written at <paramref name="before"/> or later.</summary>
    public static List<OldOutboxRow> OlderThan(SqliteSession db, string before, long after, int limit) =>
        [
            // Ended here and by the limit: WHERE would look at every row that is kept.
            .. db.List(
                    "SELECT id, created_at < $1, delivered_at < $1 FROM outbox WHERE id > $2 ORDER BY id LIMIT $3",
                    row => (Old: row.GetBoolean(1), Row: new OldOutboxRow(row.GetInt64(0), !row.IsDBNull(2) && row.GetBoolean(2))),
                    before,
                    after,
                    limit
                )
                .TakeWhile(row => row.Old)
                .Select(row => row.Row),
        ];

    public static int DeleteDelivered(SqliteSession db, IReadOnlyList<long> ids, string deliveredBefore) =>
        db.Execute(
            "DELETE FROM outbox WHERE id IN (SELECT value FROM json_each($1)) AND delivered_at < $2",
            JsonSerializer.Serialize(ids),
            deliveredBefore
        );

    /// <summary>
    /// Sessions that were taken in here, for they wrote to the registry, and whose row is gone. Registrations do not count: they may be
    /// of a FIR that another instance drafted.
    /// </summary>
    public static List<string> LostSessions(SqliteSession db, int limit) =>
        db.List(
            """
            SELECT DISTINCT session_id FROM outbox o
            WHERE kind <> 'register' AND NOT EXISTS (SELECT 1 FROM session_rows s WHERE s.session_id = o.session_id) LIMIT $1
            """,
            row => row.GetString(0),
            limit
        );

    /// <summary>How much waits and since when.</summary>
    public static OutboxBacklog Backlog(SqliteSession db) =>
        db.Single(
            """
            SELECT COUNT(*), (SELECT created_at FROM outbox WHERE delivered_at IS NULL ORDER BY id LIMIT 1)
            FROM outbox WHERE delivered_at IS NULL
            """,
            row => new OutboxBacklog(row.GetInt64(0), row.NullableString(1))
        )!;

    private static OutboxRow Map(SqliteRow row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4));
}

/// <param name="Delivered">So long ago that it need not be kept.</param>
internal sealed record OldOutboxRow(long Id, bool Delivered);

/// <param name="Depth">Rows not delivered yet.</param>
/// <param name="Oldest">When the oldest of them was written; null when there is none.</param>
internal sealed record OutboxBacklog(long Depth, string? Oldest);
