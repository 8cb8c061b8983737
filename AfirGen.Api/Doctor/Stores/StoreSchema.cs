namespace AfirGen.Api.Doctor.Stores;

/// <summary>The schema of each SQLite store is the one that this build wants.</summary>
internal sealed class StoreSchema(Deployment deployment, Mending mending) : ICheck
{
    public string Name => "schema";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) =>
        Task.FromResult(StoreFile.JudgeEach(deployment, Judge));

    private Finding Judge(StoreFile store) =>
        store.ReadSchema() is { } found
            ? SchemaVersions.Judge(store.Name, store.Tag, found, mending)
            : Finding.Unknown($"{store.Name}: what the last run left in its log is recovered by the next start", mending.StartService);
}
