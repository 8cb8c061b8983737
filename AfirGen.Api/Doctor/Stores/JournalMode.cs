namespace AfirGen.Api.Doctor.Stores;

/// <summary>The file of each store says that it is written through a log. Also of a service that is down.</summary>
internal sealed class JournalMode(Deployment deployment, Mending mending) : ICheck
{
    public string Name => "journal mode";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) =>
        Task.FromResult(StoreFile.JudgeEach(deployment, Judge));

    private Finding Judge(StoreFile store) =>
        store.ReadJournalMode() switch
        {
            true => Finding.Right($"{store.Name}: wal"),
            null => store.NotThere(),
            false => Finding.Wrong(
                $"{store.Name} is not in WAL mode: another program has changed it",
                mending.OnFiles($"sqlite3 {Mending.Quote(store.Path)} \"PRAGMA journal_mode=WAL\"")
            ),
        };
}
