using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Journal;

/// <summary>A client's key within its scope: the API key that sent it and the route.</summary>
/// <param name="RequestHash">SHA-256 of the request; the same key with another hash is refused.</param>
internal sealed record IdempotencyScope(string Principal, string Route, string ClientKey, string RequestHash)
{
    /// <summary>What comes first is searched for alone, too. Neither a principal nor a route has a bar in it.</summary>
    public string Key => $"{Principal}|{ClientKey}|{Route}";
}

/// <summary>What a request was answered. <paramref name="StatusCode"/> is null while only its first part is done (an upload is stored, not read).</summary>
internal sealed record IdempotencyRow(
    string Route,
    string RequestHash,
    string? SessionId,
    long? OutboxId,
    int? StatusCode,
    string? Headers,
    byte[]? Body,
    string CreatedAt
);

internal static class IdempotencyTable
{
    private const string Columns = "route, request_hash, session_id, outbox_id, status_code, headers, body, created_at";

    public static IdempotencyRow? Find(SqliteSession db, IdempotencyScope scope) =>
        db.Single($"SELECT {Columns} FROM idempotency WHERE key = $1", Map, scope.Key);

    /// <summary>On whatever route. The range is that of the key's first two parts; a longer key may begin like this one.</summary>
    public static List<IdempotencyRow> FindByClientKey(SqliteSession db, string principal, string clientKey) =>
        db.List(
            $"SELECT {Columns} FROM idempotency WHERE key > $1 AND key < $2 AND client_key = $3 AND principal = $4 ORDER BY created_at DESC",
            Map,
            $"{principal}|{clientKey}|",
            $"{principal}|{clientKey}}}",
            clientKey,
            principal
        );

    /// <summary>Claims the key, or completes a claim of the same request. In the transaction of the effect it stands for (G3).</summary>
    public static void Put(SqliteSession db, IdempotencyScope scope, IdempotencyRow row) =>
        db.Execute(
            """
            INSERT INTO idempotency (key, principal, client_key, route, request_hash, session_id, outbox_id, status_code, headers, body, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (key) DO UPDATE SET
                status_code = excluded.status_code, headers = excluded.headers, body = excluded.body,
                outbox_id = COALESCE(excluded.outbox_id, outbox_id), session_id = COALESCE(excluded.session_id, session_id)
            WHERE idempotency.status_code IS NULL AND idempotency.request_hash = excluded.request_hash
            """,
            scope.Key,
            scope.Principal,
            scope.ClientKey,
            row.Route,
            row.RequestHash,
            row.SessionId,
            row.OutboxId,
            row.StatusCode,
            row.Headers,
            row.Body,
            row.CreatedAt
        );

    /// <summary>Completes the claim that belongs to an outbox row, once the registry has answered.</summary>
    public static void CompleteByOutbox(SqliteSession db, long outboxId, int statusCode, byte[] body) =>
        db.Execute(
            "UPDATE idempotency SET status_code = $1, headers = '{}', body = $2 WHERE outbox_id = $3 AND status_code IS NULL",
            statusCode,
            body,
            outboxId
        );

    /// <summary>Frees a key whose request certainly had no effect.</summary>
    public static void ReleaseByOutbox(SqliteSession db, long outboxId) =>
        db.Execute("DELETE FROM idempotency WHERE outbox_id = $1 AND status_code IS NULL", outboxId);

    public static int DeleteOlderThan(SqliteSession db, string createdBefore, int limit) =>
        db.Execute(
            "DELETE FROM idempotency WHERE key IN (SELECT key FROM idempotency WHERE created_at < $1 ORDER BY created_at LIMIT $2)",
            createdBefore,
            limit
        );

    private static IdempotencyRow Map(SqliteRow row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            row.NullableString(2),
            row.IsDBNull(3) ? null : row.GetInt64(3),
            row.IsDBNull(4) ? null : row.GetInt32(4),
            row.NullableString(5),
            row.IsDBNull(6) ? null : row.GetBytes(6),
            row.GetString(7)
        );
}
