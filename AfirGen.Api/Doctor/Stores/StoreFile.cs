using System.Globalization;
using AfirGen.Api.Durability;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Api.Sqlite;
using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Doctor.Stores;

/// <summary>
/// An SQLite store as it lies in the data folder, looked at without touching it. SQLite itself is asked only where it creates nothing: beside a
/// log that is there, or of a file that nobody has open.
/// </summary>
/// <param name="Tag">Of its migrations.</param>
internal sealed record StoreFile(string Path, string Tag)
{
    private const int HeaderBytes = 20;
    private const int WriteVersionAt = 18;
    private const int ReadVersionAt = 19;
    private const byte WithLog = 2;

    public string Name => System.IO.Path.GetFileName(Path);

    /// <exception cref="UnauthorizedAccessException">To who may not enter it, every folder looks empty.</exception>
    public bool Exists => File.Exists(Path) || (Directory.Exists(Folder) && Directory.EnumerateFileSystemEntries(Folder).Contains(Path));

    /// <summary>Bytes; 0 when there is none.</summary>
    public long LogBytes => Length(Path + "-wal");

    /// <summary>The journal, and the embedded registry unless it is MySQL.</summary>
    public static IReadOnlyList<StoreFile> Of(Deployment deployment)
    {
        var folder = deployment.Folder;
        StoreFile journal = new(folder.JournalFile, JournalStore.MigrationTag);
        return deployment.Firdb is null ? [journal, new(folder.RegistryFile, EmbeddedRegistry.MigrationTag)] : [journal];
    }

    /// <param name="judge">Of one that is there.</param>
    public static IReadOnlyList<Finding> JudgeEach(Deployment deployment, Func<StoreFile, Finding> judge) =>
        [.. Of(deployment).Select(store => store.Exists ? judge(store) : store.NotThere())];

    public Finding NotThere() => Finding.NotLookedAt($"{Name} is not there yet: the first start creates it");

    /// <summary>Whether the file says that it is written through a log; null when it holds nothing yet.</summary>
    public bool? ReadJournalMode()
    {
        // Read before SQLite opens it in this process and closed again: closing a file gives up the locks that SQLite has on it.
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> header = stackalloc byte[HeaderBytes];
        return file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) == HeaderBytes
            ? header[WriteVersionAt] == WithLog && header[ReadVersionAt] == WithLog
            : null;
    }

    /// <returns>Null when only the next start can read it.</returns>
    /// <exception cref="SqliteException">It cannot be read.</exception>
    public IReadOnlyList<long>? ReadSchema() =>
        Read(SchemaVersions.Query)?.Select(version => long.Parse(version, CultureInfo.InvariantCulture)).ToList();

    /// <summary>The first column.</summary>
    /// <inheritdoc cref="ReadSchema"/>
    public IReadOnlyList<string>? Read(string query)
    {
        if (File.Exists(Path + "-journal"))
        {
            return null;
        }

        if (ReadJournalMode() == true && File.Exists(Path + "-wal") && File.Exists(Path + "-shm"))
        {
            using var session = new SqliteSession(CheckedSqliteConnection.Open(Path, SqliteAccess.ReadOnly));
            return session.List(query, row => row.GetString(0));
        }

        return LogBytes > 0 ? null : ReadUntouched(query);
    }

    /// <summary>No log and nobody at work: immutable, so that SQLite creates neither log nor lock.</summary>
    private List<string> ReadUntouched(string query)
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = new Uri(Path).AbsoluteUri + "?immutable=1",
                Mode = SqliteOpenMode.ReadOnly,
                Pooling = false,
            }.ToString()
        );
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var row = command.ExecuteReader();
        List<string> found = [];
        while (row.Read())
        {
            found.Add(row.GetString(0));
        }

        return found;
    }

    private string Folder => System.IO.Path.GetDirectoryName(Path)!;

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
