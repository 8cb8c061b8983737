using AfirGen.Api.Durability;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;

namespace AfirGen.Api.Backup;

/// <summary>One instant of both stores.</summary>
internal sealed record PinnedStores(SqliteSnapshot Journal, IRegistrySnapshot Registry) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        Journal.Dispose();
        await Registry.DisposeAsync();
    }
}

internal interface IBarrier
{
    /// <exception cref="BackupException">A store cannot be read now.</exception>
    Task<PinnedStores> PinAsync(CancellationToken cancellationToken);
}

/// <summary>
/// Of a running service. Deliveries stand still while both are pinned, so the registry has nothing that the journal's instant does not
/// know, and everything that it has marked as delivered (G2); the journal is pinned on the writer's thread between two batches, so every
/// acknowledged change is in it and no half of one (G1). The writer waits for one read of SQLite, never for the registry.
/// </summary>
internal sealed class LiveBarrier(DataFolder folder, JournalStore journal, OutboxForwarder forwarder, IRegistrySnapshots registry)
    : IBarrier
{
    public Task<PinnedStores> PinAsync(CancellationToken cancellationToken) =>
        forwarder.WithoutDeliveriesAsync(
            async () =>
            {
                var snapshot = SqliteSnapshot.Open(folder.JournalFile);
                try
                {
                    await journal.BetweenBatchesAsync(snapshot.Pin, cancellationToken);
                    return new PinnedStores(snapshot, await registry.PinAsync(cancellationToken));
                }
                catch
                {
                    snapshot.Dispose();
                    throw;
                }
            },
            cancellationToken
        );
}

/// <summary>Of a service that does not run: whoever calls holds the data folder's lock, so nobody writes.</summary>
internal sealed class StoppedBarrier(DataFolder folder, IRegistrySnapshots registry) : IBarrier
{
    public async Task<PinnedStores> PinAsync(CancellationToken cancellationToken)
    {
        folder.RequireOpen();
        if (!File.Exists(folder.JournalFile))
        {
            throw new BackupException(BackupFault.Configuration, $"{folder.Path} holds no sessions.db: there is nothing to back up.");
        }

        var snapshot = SqliteSnapshot.Open(folder.JournalFile);
        try
        {
            snapshot.Pin();
            return new(snapshot, await registry.PinAsync(cancellationToken));
        }
        catch
        {
            snapshot.Dispose();
            throw;
        }
    }
}
