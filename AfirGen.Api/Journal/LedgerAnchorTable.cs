using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Journal;

/// <summary>SQL of <c>ledger_anchor</c>.</summary>
internal static class LedgerAnchorTable
{
    /// <summary>The furthest entry that this service was given or has verified; null when there is none.</summary>
    public static LedgerCheckpoint? Furthest(SqliteSession db)
    {
        var given = db.Single(
            "SELECT position, hash FROM ledger_anchor WHERE id = 1",
            row => new LedgerCheckpoint(row.GetInt64(0), row.GetString(1))
        );
        var verified = LedgerCheckpoints.Last(db);
        return given is null || verified?.Position > given.Position ? verified : given;
    }

    public static void Advance(SqliteSession db, LedgerCheckpoint entry) =>
        db.Execute(
            """
            INSERT INTO ledger_anchor (id, position, hash) VALUES (1, $1, $2)
            ON CONFLICT (id) DO UPDATE SET position = excluded.position, hash = excluded.hash WHERE excluded.position > ledger_anchor.position
            """,
            entry.Position,
            entry.Hash
        );
}
