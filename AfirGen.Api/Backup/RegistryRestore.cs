using System.Text.Json;
using AfirGen.Api.Durability;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Api.Registry.Ledger;

namespace AfirGen.Api.Backup;

/// <summary>
/// Restores the registry alone, beside a journal that is whole: MySQL was lost or damaged, the data folder was not. What was registered after
/// the backup comes from MySQL's binary log, which is replayed between both halves of this; the same marker as of a restore of everything
/// keeps the service from starting meanwhile. Here it holds the backup's name, there it is empty, and neither restore goes on with what the
/// other has begun. It goes only when the registry has all that the journal knows to be in it, so no serial needs to be left out (G4).
/// </summary>
internal sealed class RegistryRestore(DataFolder folder, Scratch scratch, IRegistryTarget target, IBarrier stores, TimeProvider clock)
{
    /// <exception cref="BackupException">Nothing was restored.</exception>
    public async Task BeginAsync(StoredBackup backup, Action<BackupProgress> progress, CancellationToken cancellationToken)
    {
        Take();
        var again = File.Exists(folder.RestoringFile);
        await target.RequireEmptyAsync(again, cancellationToken);
        using var work = scratch.Create();
        backup.Extract(work.Path, progress);
        await RestoreCheck.RequireAsync(backup.Manifest, work.Path, progress, cancellationToken);
        // With what --finish has to say of it, which is another command; and whoever begins again may take another backup.
        var begun = JsonSerializer.SerializeToUtf8Bytes(new Begun(backup.Manifest.Name, backup.Manifest.TakenAt), BackupJson.Options);
        DataFolder.CreatePrivateFile(folder.RestoringFile, begun, replace: true);
        await target.RestoreAsync(work.File("firs.db"), progress, cancellationToken);
    }

    /// <summary>The binary log has been replayed as far as it is wanted.</summary>
    /// <exception cref="BackupException">Something is still missing; the service may not start yet.</exception>
    public async Task<LedgerHead> FinishAsync(Action<BackupProgress> progress, CancellationToken cancellationToken)
    {
        Take();
        using var work = scratch.Create();
        await using var pinned = await stores.PinAsync(cancellationToken);
        pinned.Journal.CopyTo(work.File("sessions.db"), (done, total) => progress(new("reading the journal", done, total)));
        await pinned.Registry.CopyToAsync(work.File("firs.db"), progress, cancellationToken);
        await RestoreCheck.RequireAgreementAsync(work.Path, cancellationToken);
        var facts = await pinned.Registry.ReadFactsAsync(cancellationToken);
        if (File.Exists(folder.RestoringFile))
        {
            Report(facts); // before the marker goes: no service starts without its record (G2)
        }

        File.Delete(folder.RestoringFile);
        DataFolder.SyncDirectory(folder.Path);
        return facts.Ledger;
    }

    private void Report(RegistryFacts facts)
    {
        var begun = JsonSerializer.Deserialize<Begun>(File.ReadAllBytes(folder.RestoringFile), BackupJson.Options)!;
        var report = new RestoreReport(begun.Backup, begun.TakenAt, clock.GetUtcNow(), target.Kind, facts.Ledger, [], Environment.UserName);
        DataFolder.CreatePrivateFile(
            Path.Combine(folder.Path, RestoreReport.RegistryFileName),
            JsonSerializer.SerializeToUtf8Bytes(report, BackupJson.Options),
            replace: true
        );
    }

    private void Take()
    {
        if (target.Kind == EmbeddedRegistry.KindName)
        {
            throw new BackupException(
                BackupFault.Configuration,
                "The embedded registry has no binary log: restore both stores, into an empty data folder."
            );
        }

        Restore.Take(folder);
        if (File.Exists(folder.RestoringFile) && !folder.RestoresRegistryAlone)
        {
            // It may have been cut before its counters were moved: its serials would be given again (G4).
            throw new BackupException(
                BackupFault.Target,
                $"A restore of both stores into {folder.Path} was not finished: run that again, without --registry-only or --finish."
            );
        }

        if (!File.Exists(folder.JournalFile))
        {
            throw new BackupException(BackupFault.Target, $"{folder.Path} has no journal: restore both stores, without --registry-only.");
        }
    }

    /// <summary>What stands in the marker.</summary>
    private sealed record Begun(string Backup, DateTimeOffset TakenAt);
}
