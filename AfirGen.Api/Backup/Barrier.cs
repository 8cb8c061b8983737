using AfirGen.Api.Durability;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;

namespace AfirGen.Api.Backup;

/// <summary>One instant of both stores.</summary>
internal sealed record PinnedStores(SqliteSnapshot Journal, IRegistrySnapshot Registry) : IAsyncDisposable
{
    /// <summary>The journal, then the registry; nothing stays open when one of them cannot be pinned.</summary>
    /// <param name="pin">Begins the snapshot of the journal.</param>
    public static async Task<PinnedStores> PinAsync(
        DataFolder folder,
        IRegistrySnapshots registry,
        Func<SqliteSnapshot, Task> pin,
        CancellationToken cancellationToken
    )
    {
        var journal = SqliteSnapshot.Open(folder.JournalFile);
        try
        {
            await pin(journal);
            return new(journal, await registry.PinAsync(cancellationToken));
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

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
            () =>
                PinnedStores.PinAsync(
                    folder,
                    registry,
                    snapshot => journal.BetweenBatchesAsync(snapshot.Pin, cancellationToken),
                    cancellationToken
                ),
            cancellationToken
        );
}

/// <summary>Of a service that does not run: whoever calls holds the data folder's lock, so nobody writes.</summary>
internal sealed class StoppedBarrier(DataFolder folder, IRegistrySnapshots registry) : IBarrier
{
    public Task<PinnedStores> PinAsync(CancellationToken cancellationToken)
    {
        folder.RequireOpen();
        if (!File.Exists(folder.JournalFile))
        {
            throw new BackupException(BackupFault.Configuration, $"{folder.Path} holds no sessions.db: there is nothing to back up.");
        }

        return PinnedStores.PinAsync(
            folder,
            registry,
            snapshot =>
            {
                snapshot.Pin();
                return Task.CompletedTask;
            },
            cancellationToken
        );
    }
}
