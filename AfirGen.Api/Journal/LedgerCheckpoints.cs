using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Journal;

/// <summary>SQL of <c>ledger_checkpoints</c>.</summary>
internal static class LedgerCheckpoints
{
    /// <summary>Null before the first verification.</summary>
    public static LedgerCheckpoint? Last(SqliteSession db) =>
        db.Single(
            "SELECT position, hash FROM ledger_checkpoints ORDER BY position DESC LIMIT 1",
            row => new LedgerCheckpoint(row.GetInt64(0), row.GetString(1))
        );

    public static void Add(SqliteSession db, LedgerCheckpoint checkpoint, string verifiedAt) =>
        db.Execute(
            "INSERT INTO ledger_checkpoints (position, hash, verified_at) VALUES ($1, $2, $3) ON CONFLICT (position) DO NOTHING",
            checkpoint.Position,
            checkpoint.Hash,
            verifiedAt
        );
}

/// <summary>The ledger was found right up to <paramref name="Position"/>, whose record has <paramref name="Hash"/>.</summary>
internal sealed record LedgerCheckpoint(long Position, string Hash);
