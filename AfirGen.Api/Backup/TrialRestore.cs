namespace AfirGen.Api.Backup;

/// <summary>Restores a backup into scratch stores and checks everything that can be checked there: a backup counts only after that (G6).</summary>
internal sealed class TrialRestore(Scratch scratch, IRegistryTrial registry, TimeProvider clock)
{
    /// <returns>What the registry was restored into.</returns>
    /// <exception cref="BackupException">It cannot be restored, or is not what the manifest says.</exception>
    public async Task<string> RunAsync(StoredBackup backup, Action<BackupProgress> progress, CancellationToken cancellationToken)
    {
        using var work = scratch.Create();
        backup.Extract(work.Path, progress);
        await RestoreCheck.RequireAsync(backup.Manifest, work.Path, progress, cancellationToken);
        var into = await registry.RunAsync(Path.Combine(work.Path, "firs.db"), progress, cancellationToken);
        backup.MarkVerified(clock.GetUtcNow(), into);
        return into;
    }
}

/// <summary>What the registry of a backup is loaded into for trial, besides SQLite.</summary>
internal interface IRegistryTrial
{
    /// <param name="file">Checked already.</param>
    /// <returns>Into what it was restored, in words.</returns>
    /// <exception cref="BackupException">It cannot be loaded, or does not come back as it was.</exception>
    Task<string> RunAsync(string file, Action<BackupProgress> progress, CancellationToken cancellationToken);
}

/// <summary>The file is all there is.</summary>
internal sealed class EmbeddedTrial : IRegistryTrial
{
    public Task<string> RunAsync(string file, Action<BackupProgress> progress, CancellationToken cancellationToken) =>
        Task.FromResult("sqlite");
}
