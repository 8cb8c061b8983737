using AfirGen.Api.Durability;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Backup;

/// <summary>Takes a registry at one instant.</summary>
internal interface IRegistrySnapshots
{
    /// <exception cref="BackupException">The registry cannot be read now.</exception>
    Task<IRegistrySnapshot> PinAsync(CancellationToken cancellationToken);
}

/// <summary>A registry as it was at one instant.</summary>
internal interface IRegistrySnapshot : IAsyncDisposable
{
    Task<RegistryFacts> ReadFactsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Writes it to a new file in the form of the embedded registry, whatever it is: one form of backup restores into either, and can be read
    /// with nothing but SQLite.
    /// </summary>
    Task CopyToAsync(string file, Action<BackupProgress> progress, CancellationToken cancellationToken);
}

/// <summary>Of <c>firs.db</c>.</summary>
internal sealed class EmbeddedSnapshots(DataFolder folder) : IRegistrySnapshots
{
    public Task<IRegistrySnapshot> PinAsync(CancellationToken cancellationToken)
    {
        var snapshot = SqliteSnapshot.Open(folder.RegistryFile);
        snapshot.Pin();
        return Task.FromResult<IRegistrySnapshot>(new EmbeddedSnapshot(snapshot));
    }

    private sealed class EmbeddedSnapshot(SqliteSnapshot snapshot) : IRegistrySnapshot
    {
        public Task<RegistryFacts> ReadFactsAsync(CancellationToken cancellationToken) =>
            Task.FromResult(
                new RegistryFacts(
                    EmbeddedRegistry.KindName,
                    snapshot.Session.Connection.ServerVersion,
                    null,
                    FirRecords.ReadHead(snapshot.Session),
                    ReadCounters(snapshot.Session),
                    RegistryRows.Sha256(snapshot.Session),
                    snapshot.CountRows()
                )
            );

        public Task CopyToAsync(string file, Action<BackupProgress> progress, CancellationToken cancellationToken)
        {
            snapshot.CopyTo(file, (done, total) => progress(new("copying the registry", done, total)));
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            snapshot.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    public static IReadOnlyList<OfficialNumber> ReadCounters(SqliteSession session) =>
        session.List(
            "SELECT station_code, registration_year, last_serial FROM registration_counters ORDER BY station_code, registration_year",
            row => new OfficialNumber(row.GetString(0), row.GetInt32(1), row.GetInt64(2))
        );
}
