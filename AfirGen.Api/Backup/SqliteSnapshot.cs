using AfirGen.Api.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AfirGen.Api.Backup;

/// <summary>
/// One instant of an SQLite store. A read transaction pins it, so that the copy, however long it takes, is of that instant alone, and
/// nobody who writes waits for it. While it is open the write-ahead log cannot be emptied: a drain ends the backup first.
/// </summary>
internal sealed class SqliteSnapshot : IDisposable
{
    private const int PagesAtATime = 256;

    private SqliteSnapshot(string path) => Session = new(CheckedSqliteConnection.Open(path, SqliteAccess.ReadOnly));

    /// <summary>Reads that instant.</summary>
    public SqliteSession Session { get; }

    /// <summary>Opens the file; the instant is that of <see cref="Pin"/>.</summary>
    public static SqliteSnapshot Open(string path) => new(path);

    public void Pin()
    {
        Session.Execute("BEGIN");
        Session.Scalar<long>("SELECT COUNT(*) FROM sqlite_master"); // BEGIN alone pins nothing: the first read does
    }

    /// <summary>Rows of every table.</summary>
    public IReadOnlyDictionary<string, long> CountRows() => CountRows(Session);

    public static IReadOnlyDictionary<string, long> CountRows(SqliteSession session) =>
        session
            .List("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'", row => row.GetString(0))
            .ToDictionary(table => table, table => session.Scalar<long>($"SELECT COUNT(*) FROM \"{table}\""), StringComparer.Ordinal);

    /// <summary>SQLite's online backup, page by page, into a new file. Nothing is synced: it is to be sealed, and that is.</summary>
    /// <param name="progress">Called with pages done and pages in all; may throw to stop.</param>
    /// <exception cref="SqliteException">The disk is full, or one of both files cannot be used.</exception>
    public void CopyTo(string file, Action<long, long> progress)
    {
        using var target = new SqliteConnection($"Data Source={file};Pooling=false");
        target.Open();
        using (var quick = target.CreateCommand())
        {
            quick.CommandText = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF";
            quick.ExecuteNonQuery();
        }

        using var backup = raw.sqlite3_backup_init(target.Handle, "main", Session.Connection.Handle, "main");
        if (backup.IsInvalid)
        {
            SqliteException.ThrowExceptionForRC(raw.sqlite3_errcode(target.Handle), target.Handle);
        }

        int result;
        do
        {
            result = raw.sqlite3_backup_step(backup, PagesAtATime);
            var pages = (long)raw.sqlite3_backup_pagecount(backup);
            progress(pages - raw.sqlite3_backup_remaining(backup), pages);
        } while (result == raw.SQLITE_OK);

        if (result != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(result, target.Handle);
        }
    }

    public void Dispose() => Session.Dispose(); // ends the transaction too
}
