namespace AfirGen.Api.Doctor.Stores;

/// <summary>A log that goes on growing is held by somebody who reads: a restart takes longer, and the disk fills up.</summary>
internal sealed class LogSize(Deployment deployment, Mending mending) : ICheck
{
    private const long Mebibyte = 1024 * 1024;

    /// <summary>The writer begins to empty it at the limit; one batch of uploads may lie on top of that.</summary>
    private const int Slack = 2;

    public string Name => "WAL";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) =>
        Task.FromResult(StoreFile.JudgeEach(deployment, Judge));

    private Finding Judge(StoreFile store)
    {
        var limit = deployment.Journal.MaxWalMebibytes * Mebibyte * Slack;
        return store.LogBytes <= limit
            ? Finding.Right($"{store.Name}: {Bytes.Of(store.LogBytes)}, at most {Bytes.Of(limit)}")
            : Finding.Wrong(
                $"{store.Name}: {Bytes.Of(store.LogBytes)}, more than {Bytes.Of(limit)}: somebody reads beside the service and keeps it from being emptied",
                mending.WhoReads(store.Path) + "   # end whoever is not the service; then: " + mending.RestartService
            );
    }
}
