using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Sqlite;

internal static class IntegrityCheck
{
    private const int StepsBetweenQuestions = 1000;

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
    /// The same while the service works on the file. A connection of its own: those of the pool have pages in their cache and would not look
    /// at the disk.
    /// </summary>
    /// <param name="mayGoOn">Asked now and then.</param>
    /// <returns>What SQLite found, empty when the file is sound; null when it was told to end before it was through.</returns>
    public static IReadOnlyList<string>? Find(string path, Func<bool> mayGoOn)
    {
        using var session = new SqliteSession(CheckedSqliteConnection.Open(path, SqliteAccess.ReadOnly));
        SQLitePCL.raw.sqlite3_progress_handler(session.Connection.Handle, StepsBetweenQuestions, _ => mayGoOn() ? 0 : 1, null);
        try
        {
            var found = session.List("PRAGMA quick_check(5)", row => row.GetString(0));
            return found is ["ok"] ? [] : found;
        }
        catch (SqliteException e) when (SqliteFailure.IsDamage(e))
        {
            return [e.Message];
        }
        catch (SqliteException) when (!mayGoOn())
        {
            return null;
        }
    }

    private static StoreNotDurableException Damaged(string path, string found) =>
        new($"{path} is damaged: {found}. Restore it from a backup; nothing was changed.");
}
