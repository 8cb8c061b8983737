using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Audit;

/// <summary>SQL of <c>audit_log</c>.</summary>
internal static class AuditTable
{
    private const string Columns = "seq, at, key_id, key_name, roles, action, subject, outcome, address, previous_hash, hash";

    /// <summary>False in a journal that no version with an audit log has opened yet.</summary>
    public static bool Exists(SqliteSession db) =>
        db.Scalar<long>("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'audit_log'") == 1;

    public static AuditHead Head(SqliteSession db) =>
        db.Single(
            "SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1",
            static row => new AuditHead(row.GetInt64(0), row.GetBytes(1))
        ) ?? AuditHead.Genesis;

    /// <summary>In the transaction of what it is the record of (G2).</summary>
    public static void Append(SqliteSession db, string at, AuditEntry entry)
    {
        var record = AuditRecord.Follow(Head(db), at, entry);
        db.Execute(
            $"INSERT INTO audit_log ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
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
    }

    public static List<AuditRecord> After(SqliteSession db, long sequence, int limit) =>
        db.List($"SELECT {Columns} FROM audit_log WHERE seq > $1 ORDER BY seq LIMIT $2", Map, sequence, limit);

    /// <summary>The newest records that fit, newest first.</summary>
    public static List<AuditRecord> Newest(SqliteSession db, AuditFilter filter, int limit) =>
        db.List(
            $"""
            SELECT {Columns} FROM audit_log
            WHERE ($1 = '' OR at >= $1) AND ($2 = '' OR at < $2) AND ($3 = '' OR key_id = $3 OR key_name = $3)
              AND ($4 = '' OR subject = $4) AND ($5 = '' OR action = $5)
            ORDER BY seq DESC LIMIT $6
            """,
            Map,
            filter.From,
            filter.To,
            filter.Key,
            filter.Subject,
            filter.Action,
            limit
        );

    /// <summary>Addresses and times of keys that were nobody's, since then.</summary>
    public static List<(string Address, string At)> Guesses(SqliteSession db, string since) =>
        db.List(
            // Words, not parameters: SQLite takes the partial index only when it sees that it fits.
            "SELECT address, at FROM audit_log WHERE action = 'key-refused' AND outcome = 'unknown' AND at >= $1 ORDER BY at",
            row => (row.GetString(0), row.GetString(1)),
            since
        );

    private static AuditRecord Map(SqliteRow row) =>
        new(
            row.GetInt64(0),
            row.GetString(1),
            new(
                row.GetString(2),
                row.GetString(3),
                row.GetString(4),
                row.GetString(5),
                row.GetString(6),
                row.GetString(7),
                row.GetString(8)
            ),
            row.GetBytes(9),
            row.GetBytes(10)
        );
}

/// <summary>What to list; "" asks for nothing.</summary>
/// <param name="From">UTC stamp, included.</param>
/// <param name="To">UTC stamp, not included.</param>
/// <param name="Key">Id or name.</param>
internal sealed record AuditFilter(string From, string To, string Key, string Subject, string Action);
