namespace AfirGen.Api.Backup;

/// <summary>Restores a backup into scratch stores and checks everything that can be checked there: a backup counts only after that (G6).</summary>
internal sealed class TrialRestore(Scratch scratch, TimeProvider clock)
{
    /// <returns>What the registry was restored into.</returns>
    /// <exception cref="BackupException">It cannot be restored, or is not what the manifest says.</exception>
    public async Task<string> RunAsync(StoredBackup backup, Action<BackupProgress> progress, CancellationToken cancellationToken)
    {
        using var work = scratch.Create();
        backup.Extract(work.Path, progress);
        await RestoreCheck.RequireAsync(backup.Manifest, work.Path, progress, cancellationToken);
        const string Into = "sqlite";
        backup.MarkVerified(clock.GetUtcNow(), Into);
        return Into;
    }
}
