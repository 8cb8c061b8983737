using AfirGen.Api.Sqlite;
using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Journal;

/// <summary>A session's last committed state. <paramref name="Version"/> equals the sequence number of its last event.</summary>
internal sealed record SessionRow(
    string SessionId,
    string FirNumber,
    string State,
    string Status,
    string CurrentStep,
    long Version,
    string CreatedAt,
    string LastActivity
);

internal sealed record StatusCount(string Status, long Count);

internal sealed record EventRow(long Seq, string Content, string At);

internal sealed record AttachmentRow(string Sha256, string ContentType, string FileName, byte[] Bytes);

/// <summary>SQL of the tables that hold sessions. Times are ISO 8601 in UTC with seven decimals, so text order is time order.</summary>
internal static class SessionTables
{
    private const string Columns = "session_id, fir_number, state, status, current_step, version, created_at, last_activity";

    public static SessionRow? Find(SqliteSession db, string sessionId) =>
        db.Single($"SELECT {Columns} FROM session_rows WHERE session_id = $1", Map, sessionId);

    public static SessionRow? FindByFirNumber(SqliteSession db, string firNumber) =>
        db.Single($"SELECT {Columns} FROM session_rows WHERE fir_number = $1", Map, firNumber);

    public static List<SessionRow> ListIdle(SqliteSession db, string lastActivityBefore, int limit) =>
        db.List(
            $"""
            SELECT {Columns} FROM session_rows
            WHERE status IN ('processing', 'awaiting_validation') AND last_activity < $1 ORDER BY last_activity LIMIT $2
            """,
            Map,
            lastActivityBefore,
            limit
        );

    public static List<SessionRow> ListProcessing(SqliteSession db) =>
        db.List($"SELECT {Columns} FROM session_rows WHERE status = 'processing'", Map);

    public static List<StatusCount> CountByStatus(SqliteSession db, string activeSince) =>
        db.List(
            "SELECT status, COUNT(*) FROM session_rows WHERE last_activity >= $1 GROUP BY status ORDER BY status",
            row => new StatusCount(row.GetString(0), row.GetInt64(1)),
            activeSince
        );

    /// <summary>Sessions in id order, from the one after <paramref name="afterSessionId"/> on.</summary>
    public static List<SessionRow> ListFrom(SqliteSession db, string afterSessionId, int limit) =>
        db.List($"SELECT {Columns} FROM session_rows WHERE session_id > $1 ORDER BY session_id LIMIT $2", Map, afterSessionId, limit);

    /// <exception cref="SqliteException">Constraint: the id or the FIR number exists. Nothing is ever replaced.</exception>
    public static void Insert(SqliteSession db, SessionRow row) =>
        db.Execute(
            $"INSERT INTO session_rows ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            row.SessionId,
            row.FirNumber,
            row.State,
            row.Status,
            row.CurrentStep,
            row.Version,
            row.CreatedAt,
            row.LastActivity
        );

    /// <returns>False when the session is no longer at <paramref name="expectedVersion"/>: another request won.</returns>
    public static bool Update(SqliteSession db, SessionRow row, long expectedVersion) =>
        db.Execute(
            """
            UPDATE session_rows SET state = $1, status = $2, current_step = $3, version = $4, last_activity = $5
            WHERE session_id = $6 AND version = $7
            """,
            row.State,
            row.Status,
            row.CurrentStep,
            row.Version,
            row.LastActivity,
            row.SessionId,
            expectedVersion
        ) == 1;

    public static void Append(SqliteSession db, string sessionId, EventRow row) =>
        db.Execute(
            "INSERT INTO session_events (session_id, seq, content, at) VALUES ($1, $2, $3, $4)",
            sessionId,
            row.Seq,
            row.Content,
            row.At
        );

    public static List<EventRow> Events(SqliteSession db, string sessionId) =>
        db.List(
            "SELECT seq, content, at FROM session_events WHERE session_id = $1 ORDER BY seq",
            row => new EventRow(row.GetInt64(0), row.GetString(1), row.GetString(2)),
            sessionId
        );

    public static void Attach(SqliteSession db, string sessionId, AttachmentRow row) =>
        db.Execute(
            "INSERT INTO attachments (session_id, sha256, content_type, file_name, bytes) VALUES ($1, $2, $3, $4, $5)",
            sessionId,
            row.Sha256,
            row.ContentType,
            row.FileName,
            row.Bytes
        );

    public static AttachmentRow? Attachment(SqliteSession db, string sessionId) =>
        db.Single(
            "SELECT sha256, content_type, file_name, bytes FROM attachments WHERE session_id = $1",
            row => new AttachmentRow(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBytes(3)),
            sessionId
        );

    private static SessionRow Map(SqliteRow row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            row.GetString(4),
            row.GetInt64(5),
            row.GetString(6),
            row.GetString(7)
        );
}
