using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Sqlite;

internal static class IntegrityCheck
{
    private const int StepsBetweenLooks = 4000;

    /// <summary>Checks the file, if there is one, before anything writes to it: a migration of a damaged file would make it worse.</summary>
    /// <exception cref="StoreNotDurableException">The file is damaged; nothing was changed.</exception>
    public static void RequireFile(string path)
    {
        if (new FileInfo(path) is not { Exists: true, Length: > 0 })
        {
            return;
        }

        try
        {
            using var session = new SqliteSession(CheckedSqliteConnection.Open(path, SqliteAccess.ReadWrite));
            Require(session);
        }
        catch (SqliteException e) when (SqliteFailure.IsDamage(e))
        {
            throw Damaged(path, e.Message);
        }
    }

    /// <exception cref="StoreNotDurableException">The file is damaged; the message says what SQLite found.</exception>
    public static void Require(SqliteSession session)
    {
        var found = session.List("PRAGMA quick_check(5)", row => row.GetString(0));
        if (found is not ["ok"])
        {
            throw Damaged(session.Connection.DataSource, string.Join("; ", found));
        }
    }

    /// <summary>
    /// The same beside a service at work: table by table with its indexes, on a connection of its own, so that no snapshot is held for longer
    /// than one of them takes.
    /// </summary>
    /// <param name="mayGoOn">Asked every few thousand steps of SQLite.</param>
    /// <returns>False: it was not let go on.</returns>
    /// <exception cref="StoreNotDurableException">The file is damaged.</exception>
    public static bool TryRequireTables(string path, Func<bool> mayGoOn)
    {
        try
        {
            using var session = new SqliteSession(CheckedSqliteConnection.Open(path, SqliteAccess.ReadOnly));
            SQLitePCL.raw.sqlite3_progress_handler(session.Connection.Handle, StepsBetweenLooks, _ => mayGoOn() ? 0 : 1, null);
            foreach (var table in session.List("SELECT name FROM sqlite_schema WHERE type = 'table'", row => row.GetString(0)))
            {
                var found = session.List("SELECT * FROM pragma_quick_check($1)", row => row.GetString(0), table);
                if (found is not ["ok"])
                {
                    throw Damaged(path, string.Join("; ", found));
                }
            }

            return true;
        }
        catch (SqliteException e) when (SqliteFailure.IsInterrupted(e))
        {
            return false;
        }
        catch (SqliteException e) when (SqliteFailure.IsDamage(e))
        {
            throw Damaged(path, e.Message);
        }
    }

    private static StoreNotDurableException Damaged(string path, string found) =>
        new($"{path} is damaged: {found}. Restore it from a backup; nothing was changed.");
}
