using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace AfirGen.Tests.Stack;

/// <summary>Reads the two stores behind the service's back, as they are on the disk.</summary>
internal class Stores(string dataFolder)
{
    public string JournalFile => Path.Combine(dataFolder, "sessions.db");

    public string RegistryFile => Path.Combine(dataFolder, "firs.db");

    public List<T> Journal<T>(string sql, Func<DbDataReader, T> map, params object[] values) => Query(JournalFile, sql, map, values);

    public virtual List<T> Registry<T>(string sql, Func<DbDataReader, T> map, params object[] values) =>
        Query(RegistryFile, sql, map, values);

    public long JournalCount(string table) => Journal($"SELECT COUNT(*) FROM {table}", row => row.GetInt64(0))[0];

    public long RegistryCount(string table) => Registry($"SELECT COUNT(*) FROM {table}", row => row.GetInt64(0))[0];

    /// <summary>Every row of every table of both stores, by table: equal before and after means that nothing at all was stored.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ContentsAsync()
    {
        // An answer may be there before its outbox row is marked as delivered.
        await Eventually.TrueAsync(() => JournalCount("outbox WHERE delivered_at IS NULL") == 0, "all outbox rows are delivered");
        return Contents();
    }

    private Dictionary<string, string> Contents() =>
        new[] { JournalFile, RegistryFile }
            .SelectMany(file =>
                // How far the service has verified the ledger is its own note, written when it likes, and so is who looked at what.
                Query(
                        file,
                        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('ledger_checkpoints', 'audit_log', 'outside_states', 'registry_binding') ORDER BY name",
                        row => row.GetString(0),
                        []
                    )
                    .Select(table => (Name: $"{Path.GetFileName(file)}/{table}", Rows: Query(file, $"SELECT * FROM \"{table}\"", Line, [])))
            )
            .ToDictionary(table => table.Name, table => string.Join('\n', table.Rows.Order(StringComparer.Ordinal)));

    private static string Line(SqliteDataReader row)
    {
        var values = new object[row.FieldCount];
        row.GetValues(values);
        return string.Join('|', values.Select(value => value is byte[] bytes ? Convert.ToHexString(SHA256.HashData(bytes)) : value));
    }

    /// <summary>Copies what a dead service left, so that looking at it changes nothing.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var name in (string[])["sessions.db", "sessions.db-wal", "firs.db", "firs.db-wal", "finalisation.key"])
        {
            if (File.Exists(Path.Combine(from, name)))
            {
                File.Copy(Path.Combine(from, name), Path.Combine(to, name));
            }
        }
    }

    /// <summary>Changes a store as nobody should.</summary>
    public static int Tamper(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    private static List<T> Query<T>(string file, string sql, Func<SqliteDataReader, T> map, object[] values)
    {
        // Read-only: the last writable connection that closes would checkpoint, and recovery shall be the service's own doing.
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        }

        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return rows;
    }
}
