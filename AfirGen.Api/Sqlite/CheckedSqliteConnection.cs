using System.Globalization;
using AfirGen.Api.Durability;
using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Sqlite;

internal enum SqliteAccess
{
    ReadWrite,

    /// <summary>The same for a file that somebody has open: one that was deleted meanwhile is not made anew, for it must be missed (G1).</summary>
    ReadWriteExisting,
    ReadOnly,
}

/// <summary>
/// The only SQLite connection to a file in this service. Opening it sets every pragma that the guarantee needs and reads each one
/// back: <c>synchronous</c> belongs to the connection, not to the file, so a connection opened elsewhere would silently be less durable (G1, G7).
/// </summary>
internal sealed class CheckedSqliteConnection : SqliteConnection
{
    /// <summary>Older versions can corrupt a WAL when two connections checkpoint at once (sqlite.org/wal.html, WAL-reset bug).</summary>
    public static readonly Version OldestSafeVersion = new(3, 51, 3);

    private const int KeptWalBytes = 64 * 1024 * 1024;

    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(5);

    private CheckedSqliteConnection(string path, SqliteAccess access)
        : base(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = access switch
                {
                    SqliteAccess.ReadOnly => SqliteOpenMode.ReadOnly,
                    SqliteAccess.ReadWriteExisting => SqliteOpenMode.ReadWrite,
                    _ => SqliteOpenMode.ReadWriteCreate,
                },
                Pooling = false,
                DefaultTimeout = (int)BusyTimeout.TotalSeconds,
            }.ToString()
        )
    {
        Access = access;
    }

    public SqliteAccess Access { get; }

    /// <exception cref="StoreNotDurableException">A pragma did not take, or the library is too old.</exception>
    public static CheckedSqliteConnection Open(string path, SqliteAccess access)
    {
        var connection = Closed(path, access);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>For libraries that insist on opening the connection themselves: <see cref="Open()"/> checks it all the same.</summary>
    public static CheckedSqliteConnection Closed(string path, SqliteAccess access) => new(path, access);

    public override void Open()
    {
        base.Open();
        // Only the writer decides when to checkpoint. A connection that is closed because the file turned out damaged must not write to it on its way out.
        _ = SQLitePCL.raw.sqlite3_db_config(Handle, SQLitePCL.raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
        RequireSafeVersion(ServerVersion);
        foreach (var pragma in WantedPragmas())
        {
            if (pragma.Set)
            {
                Scalar($"PRAGMA {pragma.Name}={pragma.Value}");
            }
        }

        RequireDurable();
    }

    /// <exception cref="StoreNotDurableException">This SQLite can corrupt a WAL.</exception>
    public static void RequireSafeVersion(string version)
    {
        if (Version.Parse(version) < OldestSafeVersion)
        {
            throw new StoreNotDurableException(
                $"SQLite {version} is older than {OldestSafeVersion} and can corrupt a WAL. Use SQLitePCLRaw.bundle_e_sqlite3 3.0.5 or newer."
            );
        }
    }

    /// <exception cref="StoreNotDurableException">A pragma of this very connection is not what the guarantee needs.</exception>
    public void RequireDurable()
    {
        if (ReadSettings().FirstOrDefault(s => !s.Ok) is { } wrong)
        {
            throw new StoreNotDurableException($"{DataSource}: PRAGMA {wrong.Name} is {wrong.Found}, wanted {wrong.Wanted}.");
        }
    }

    /// <summary>
    /// Asked before each COMMIT: SQLite goes on writing to a file that was deleted under it, and everything acknowledged from then on would
    /// vanish with the process (G1).
    /// </summary>
    /// <exception cref="StoreNotDurableException">The file is gone.</exception>
    public void RequireFile()
    {
        if (!File.Exists(DataSource))
        {
            throw new StoreNotDurableException($"{DataSource} was deleted or moved while the service ran.");
        }
    }

    /// <summary>Wanted and found, read from this very connection.</summary>
    public IReadOnlyList<DurabilitySetting> ReadSettings() =>
        [.. WantedPragmas().Select(p => new DurabilitySetting(Path.GetFileName(DataSource), p.Name, p.Value, Scalar($"PRAGMA {p.Name}")))];

    private IEnumerable<(string Name, string Value, bool Set)> WantedPragmas()
    {
        // A read-only connection cannot change the journal mode, only find it wrong.
        yield return ("journal_mode", "wal", Access != SqliteAccess.ReadOnly);
        yield return ("synchronous", Mutations.Has(Mutations.SynchronousOff) ? "0" : "2", true); // FULL: each COMMIT syncs the WAL before it returns (G1)
        yield return ("foreign_keys", "1", true);
        yield return ("busy_timeout", BusyTimeout.TotalMilliseconds.ToString(CultureInfo.InvariantCulture), true);
        yield return ("wal_autocheckpoint", "0", true); // only the writer decides when
        if (Access != SqliteAccess.ReadOnly)
        {
            // Cut back when it starts anew: otherwise one burst, or one slow reader, would leave a large log until the next drain.
            yield return ("journal_size_limit", KeptWalBytes.ToString(CultureInfo.InvariantCulture), true);
        }

        yield return ("fullfsync", "1", true); // macOS: F_FULLFSYNC; elsewhere without effect
        yield return ("checkpoint_fullfsync", "1", true);
        yield return ("trusted_schema", "0", true);
        if (Access == SqliteAccess.ReadOnly)
        {
            yield return ("query_only", "1", true);
        }
    }

    private string Scalar(string sql)
    {
        using var command = CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? "";
    }
}
