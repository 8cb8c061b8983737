using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Sqlite;

internal static class IntegrityCheck
{
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

    private static StoreNotDurableException Damaged(string path, string found) =>
        new($"{path} is damaged: {found}. Restore it from a backup; nothing was changed.");
}
