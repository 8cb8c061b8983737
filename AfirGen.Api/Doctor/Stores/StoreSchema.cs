using AfirGen.Api.Journal;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Api.Registry.MySql;

namespace AfirGen.Api.Doctor.Stores;

/// <summary>The schema of each SQLite store is the one that this build wants, and the journal belongs to the registry that is configured.</summary>
internal sealed class StoreSchema(Deployment deployment, Mending mending) : ICheck
{
    public string Name => "schema";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) =>
        Task.FromResult(StoreFile.JudgeEach(deployment, Judge));

    private Finding Judge(StoreFile store)
    {
        if (store.ReadSchema() is not { } found)
        {
            return Finding.Unknown($"{store.Name}: what the last run left in its log is recovered by the next start", mending.StartService);
        }

        var judged = SchemaVersions.Judge(store.Name, store.Tag, found, mending);
        return judged.Level == Level.Right && store.Tag == JournalStore.MigrationTag ? OfOtherRegistry(store) ?? judged : judged;
    }

    private Finding? OfOtherRegistry(StoreFile journal) =>
        journal.Read(RegistryBinding.Query) is [var bound]
        && RegistryBinding.Judge(bound, deployment.Firdb is null ? EmbeddedRegistry.KindName : MySqlRegistry.KindName, deployment.Folder)
            is { } mismatch
            ? Finding.Wrong(mismatch.Fault, mismatch.Mend)
            : null;
}
