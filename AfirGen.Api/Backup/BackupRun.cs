using AfirGen.Api.Durability;
using AfirGen.Api.Endpoints;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry.Ledger;
using AfirGen.Api.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Backup;

/// <summary>What came of a backup.</summary>
/// <param name="Bytes">Stored, of all files.</param>
/// <param name="Pause">For how long deliveries stood still.</param>
internal sealed record BackupReport(
    string Folder,
    DateTimeOffset TakenAt,
    long Bytes,
    LedgerHead Ledger,
    long Sessions,
    long Firs,
    string RestoredInto,
    TimeSpan Pause,
    TimeSpan Duration
);

/// <summary>Makes one backup: pins both stores, copies, seals, restores all of it for trial, and only then gives it its name.</summary>
internal sealed class BackupRun(
    IBarrier barrier,
    DataFolder data,
    Scratch scratch,
    TrialRestore trial,
    IOptions<BackupOptions> options,
    IOptions<JournalOptions> journal,
    CrashPoints crashPoints,
    TimeProvider clock
)
{
    // Sign-in keys stay out: after a restore everybody signs in anew.
    private static readonly string[] Secrets = ["ledger.key", "finalisation.key", RestoreReport.FileName, RestoreReport.RegistryFileName];

    /// <param name="observe">Told how far it is; may throw to stop.</param>
    /// <exception cref="BackupException">There is no backup, and nothing of it is left.</exception>
    public async Task<BackupReport> TakeAsync(Action<BackupProgress> observe, CancellationToken cancellationToken)
    {
        var configured = options.Value;
        var started = clock.GetTimestamp();
        var key = BackupKey.Read(configured.KeyFile!);
        using var destination = BackupFolder.Take(configured.Folder!);
        var now = clock.GetUtcNow();
        var name = BackupFolder.NameFor(now);
        scratch.Sweep();
        using var work = scratch.Create();
        var headroom = new DiskHeadroom(work.Path, journal.Value.MinFreeMebibytes);
        try
        {
            var unfinished = destination.Begin(name);
            var (manifest, pause) = await StoreAsync(unfinished, name, key, work, Step, cancellationToken);
            manifest.Write(unfinished, key);
            var restoredInto = await trial.RunAsync(StoredBackup.Open(unfinished, key), Step, cancellationToken);
            crashPoints.Hit(CrashPoints.BeforeBackupIsNamed);
            var folder = destination.Commit(name);
            Prune(destination, configured.Keep, now, folder);
            return new(
                folder,
                manifest.TakenAt,
                manifest.Files.Sum(file => file.Content.StoredBytes),
                manifest.Registry.Ledger,
                manifest.Counts["journal/session_rows"],
                manifest.Counts["registry/fir_records"],
                restoredInto,
                pause,
                clock.GetElapsedTime(started)
            );
        }
        catch (Exception e)
        {
            destination.Abandon(name);
            throw e is IOException or UnauthorizedAccessException or SqliteException or StoreNotDurableException
                ? new BackupException(BackupFault.Failed, $"The backup failed: {e.Message}", e)
                : e;
        }

        void Step(BackupProgress progress)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!headroom.IsEnough)
            {
                // The copy must never take the last space from the journal beside it (G8).
                throw new BackupException(
                    BackupFault.Failed,
                    $"The disk of {work.Path} is nearly full. Free some space, or set AfirGen__Backup__ScratchFolder to another disk."
                );
            }

            observe(progress);
        }
    }

    private static void Prune(BackupFolder destination, int keep, DateTimeOffset now, string stored)
    {
        try
        {
            destination.Prune(keep, now);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(BackupFault.Failed, $"{stored} is stored; older backups could not be deleted: {e.Message}", e);
        }
    }

    private async Task<(BackupManifest Manifest, TimeSpan Pause)> StoreAsync(
        string folder,
        string name,
        BackupKey key,
        Scratch.Work work,
        Action<BackupProgress> step,
        CancellationToken cancellationToken
    )
    {
        var before = clock.GetTimestamp();
        await using var pinned = await barrier.PinAsync(cancellationToken);
        var pause = clock.GetElapsedTime(before);
        var takenAt = clock.GetUtcNow();
        var facts = await pinned.Registry.ReadFactsAsync(cancellationToken);
        var journalRows = pinned.Journal.CountRows();
        var db = pinned.Journal.Session;
        var position = db.Scalar<long>("SELECT COALESCE(MAX(id), 0) FROM outbox");
        var anchor = LedgerAnchorTable.Furthest(db);

        List<StoredFile> files = [];
        var copy = work.File("sessions.db");
        pinned.Journal.CopyTo(copy, (done, total) => step(new("copying the journal", done, total)));
        SealAndForget("sessions.db", copy);
        crashPoints.Hit(CrashPoints.InsideBackup);
        copy = work.File("firs.db");
        await pinned.Registry.CopyToAsync(copy, step, cancellationToken);
        SealAndForget("firs.db", copy);
        foreach (var secret in Secrets.Where(secret => File.Exists(Path.Combine(data.Path, secret))))
        {
            Seal(secret, Path.Combine(data.Path, secret));
        }

        var counts = journalRows
            .Select(table => KeyValuePair.Create("journal/" + table.Key, table.Value))
            .Concat(facts.Counts.Select(table => KeyValuePair.Create("registry/" + table.Key, table.Value)));
        var manifest = new BackupManifest(
            BackupManifest.CurrentFormat,
            name,
            takenAt,
            ThisBuild.Version,
            db.Connection.ServerVersion,
            facts,
            position,
            anchor is null ? null : new(anchor.Position, anchor.Hash),
            new SortedDictionary<string, long>(counts.ToDictionary(), StringComparer.Ordinal),
            files
        );
        return (manifest, pause);

        void SealAndForget(string file, string path)
        {
            Seal(file, path);
            File.Delete(path);
        }

        void Seal(string file, string path)
        {
            using var source = new FileStream(path, FileMode.Open, FileAccess.Read);
            var total = source.Length;
            var target = Path.Combine(folder, file + ".sealed");
            files.Add(new(file, SealedFile.Seal(source, target, file, key, done => step(new($"sealing {file}", done, total)))));
        }
    }
}
