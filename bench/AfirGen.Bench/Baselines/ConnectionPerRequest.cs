using AfirGen.Api.Audit;
using AfirGen.Bench.Machines;
using Microsoft.Data.Sqlite;

namespace AfirGen.Bench.Baselines;

/// <summary>
/// The usual way, on the same schema and as durable: each request opens a connection, writes its rows in a transaction of its own, commits
/// and closes. One connection stays open, so that no close is the last one and checkpoints; one client alone may write on that.
/// </summary>
internal sealed class ConnectionPerRequest : IDisposable
{
    private const int BusySeconds = 60;
    private readonly string _open;
    private readonly SqliteConnection _held;

    public ConnectionPerRequest(string file)
    {
        _open = $"Data Source={file};Pooling=False;Default Timeout={BusySeconds}";
        _held = Open();
    }

    public void Write(ComplaintRows rows, string key)
    {
        using var connection = Open();
        Write(connection, rows, key);
    }

    /// <summary>Without opening a connection: for one client at a time.</summary>
    public void WriteOnHeld(ComplaintRows rows, string key) => Write(_held, rows, key);

    public void Dispose() => _held.Dispose();

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_open);
        connection.Open();
        // SQLite waits for the lock by itself: the driver would look again only every 150 ms.
        Execute(connection, null, $"PRAGMA busy_timeout={BusySeconds * 1000}; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON");
        return connection;
    }

    private static void Write(SqliteConnection connection, ComplaintRows rows, string key)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var s = rows.Session;
        Execute(
            connection,
            transaction,
            """
            INSERT INTO session_rows (session_id, fir_number, state, status, current_step, version, created_at, last_activity)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            s.SessionId,
            s.FirNumber,
            s.State,
            s.Status,
            s.CurrentStep,
            s.Version,
            s.CreatedAt,
            s.LastActivity
        );
        foreach (var e in rows.Events)
        {
            Execute(
                connection,
                transaction,
                "INSERT INTO session_events (session_id, seq, content, at) VALUES ($1, $2, $3, $4)",
                s.SessionId,
                e.Seq,
                e.Content,
                e.At
            );
        }

        Execute(
            connection,
            transaction,
            "INSERT INTO outbox (session_id, kind, payload, created_at) VALUES ($1, 'draft', $2, $3)",
            s.SessionId,
            rows.OutboxPayload,
            s.CreatedAt
        );
        Execute(
            connection,
            transaction,
            """
            INSERT INTO idempotency (key, principal, client_key, route, request_hash, session_id, outbox_id, status_code, headers, body, created_at)
            VALUES ($1, 'anonymous', $2, '/process', $3, $4, last_insert_rowid(), 200, '{}', CAST($5 AS BLOB), $6)
            """,
            $"anonymous|/process|{key}",
            key,
            new string('0', 64),
            s.SessionId,
            rows.Answer,
            s.CreatedAt
        );
        var (head, entry) = (Head(connection, transaction), rows.Audit);
        var record = AuditRecord.Follow(head, s.CreatedAt, entry);
        Execute(
            connection,
            transaction,
            """
            INSERT INTO audit_log (seq, at, key_id, key_name, roles, action, subject, outcome, address, previous_hash, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            record.Sequence,
            record.At,
            entry.KeyId,
            entry.KeyName,
            entry.Roles,
            entry.Action,
            entry.Subject,
            entry.Outcome,
            entry.Address,
            record.PreviousHash,
            record.Hash
        );
        transaction.Commit();
    }

    private static AuditHead Head(SqliteConnection connection, SqliteTransaction transaction)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1";
        using var row = command.ExecuteReader();
        return row.Read() ? new(row.GetInt64(0), row.GetFieldValue<byte[]>(1)) : AuditHead.Genesis;
    }

    private static void Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql, params object[] values)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // callers pass constants
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        }

        command.ExecuteNonQuery();
    }
}
