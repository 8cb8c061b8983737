using System.Text.Json;
using AfirGen.Api.Drafting;
using AfirGen.Api.Durability;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Api.Registry.Ledger;
using AfirGen.Api.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Backup;

/// <summary>What a restore did; kept in the data folder, since it explains a gap in the serials for good.</summary>
/// <param name="RestoredBy">The account of the operating system that ran the command.</param>
/// <param name="Skipped">
/// Serials that are never given: they may be those of FIRs that were registered after the backup. In the file, those of earlier restores come first.
/// </param>
internal sealed record RestoreReport(
    string Backup,
    DateTimeOffset TakenAt,
    DateTimeOffset RestoredAt,
    string Registry,
    LedgerHead Ledger,
    IReadOnlyList<SkippedSerials> Skipped,
    string RestoredBy = "unknown"
)
{
    public const string FileName = "restored.json";

    /// <summary>The same of the registry alone: it says nothing of the journal, and so explains no gap.</summary>
    public const string RegistryFileName = "registry-restored.json";
}

/// <param name="From">The first one that is left out.</param>
internal sealed record SkippedSerials(string From, string To);

/// <summary>Where the registry of a backup goes besides <c>firs.db</c>.</summary>
internal interface IRegistryTarget
{
    /// <summary><c>embedded</c> or <c>mysql</c>.</summary>
    string Kind { get; }

    /// <param name="again">An earlier attempt was interrupted: what it has loaded may be there.</param>
    /// <exception cref="BackupException">It is not empty, or cannot be written.</exception>
    Task RequireEmptyAsync(bool again, CancellationToken cancellationToken);

    /// <param name="file">Checked, with its counters set; the data folder's <c>firs.db</c>.</param>
    /// <exception cref="BackupException">It is not restored.</exception>
    Task RestoreAsync(string file, Action<BackupProgress> progress, CancellationToken cancellationToken);
}

/// <summary>The registry is the file itself.</summary>
internal sealed class EmbeddedTarget : IRegistryTarget
{
    public string Kind => EmbeddedRegistry.KindName;

    public Task RequireEmptyAsync(bool again, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RestoreAsync(string file, Action<BackupProgress> progress, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>
/// Restores both stores of a backup into an empty data folder and an empty registry: one without the other would disagree. A marker lies in
/// the folder from before the first byte until after the last fsync, and no service starts beside it, whenever this is cut.
/// </summary>
internal sealed class Restore(
    DataFolder folder,
    IRegistryTarget target,
    IOptions<StationOptions> station,
    CrashPoints crashPoints,
    TimeProvider clock
)
{
    private const string LockFile = "lock";

    /// <exception cref="BackupException">Nothing was restored.</exception>
    public async Task<RestoreReport> RunAsync(
        StoredBackup backup,
        SerialFloors floors,
        Action<BackupProgress> progress,
        CancellationToken cancellationToken
    )
    {
        var manifest = backup.Manifest;
        var now = clock.GetUtcNow();
        var years = Enumerable.Range(
            IndianTime.Of(manifest.TakenAt).Year,
            IndianTime.Of(now).Year - IndianTime.Of(manifest.TakenAt).Year + 1
        );
        var counters = floors.Apply(manifest.Registry.Counters, [station.Value.Code], [.. years]);
        TakeEmptyFolder();
        var again = File.Exists(folder.RestoringFile);
        await target.RequireEmptyAsync(again, cancellationToken);
        try
        {
            if (!again)
            {
                DataFolder.CreatePrivateFile(folder.RestoringFile, []);
            }

            RemoveHalfRestored();
            backup.Extract(folder.Path, progress);
            await RestoreCheck.RequireAsync(manifest, folder.Path, progress, cancellationToken);
            RegistryBinding.Note(folder.JournalFile, target.Kind);
            var skipped = MoveCounters(counters);
            await target.RestoreAsync(folder.RegistryFile, progress, cancellationToken);
            if (target.Kind != EmbeddedRegistry.KindName)
            {
                RemoveStore("firs.db");
            }

            var report = new RestoreReport(
                manifest.Name,
                manifest.TakenAt,
                now,
                target.Kind,
                manifest.Registry.Ledger,
                skipped,
                Environment.UserName
            );
            Keep(report);
            crashPoints.Hit(CrashPoints.BeforeRestoreIsDone);
            File.Delete(folder.RestoringFile); // last: until here no service starts on it (G2)
            DataFolder.SyncDirectory(folder.Path);
            return report;
        }
        catch (Exception e)
        {
            RemoveHalfRestored();
            if (!again)
            {
                File.Delete(folder.RestoringFile); // else the registry may hold what the earlier attempt has loaded: no service starts beside it (G2)
            }

            throw e is IOException or SqliteException or StoreNotDurableException or JsonException
                ? new BackupException(BackupFault.Failed, $"Nothing was restored: {e.Message}", e)
                : e;
        }
    }

    /// <exception cref="BackupException">A service runs on it.</exception>
    public static void Take(DataFolder folder)
    {
        try
        {
            folder.TakeLock();
        }
        catch (DataFolderException e)
        {
            throw new BackupException(BackupFault.Target, e.Message, e);
        }
    }

    private void TakeEmptyFolder()
    {
        Take(folder);
        if (folder.RestoresRegistryAlone)
        {
            // Its marker is no proof that the journal is half restored, nor that MySQL's rows are (G1).
            throw new BackupException(
                BackupFault.Target,
                $"The registry alone is being restored, and the journal in {folder.Path} is whole: restore it with --registry-only again, or --finish. Where the journal is lost too, move the folder away first."
            );
        }

        if (
            !File.Exists(folder.RestoringFile)
            && Directory.EnumerateFileSystemEntries(folder.Path).Any(entry => Path.GetFileName(entry) != LockFile)
        )
        {
            throw new BackupException(
                BackupFault.Target,
                $"{folder.Path} is not empty. What is there may be all that is left of something: move it away, then restore."
            );
        }
    }

    /// <summary>Of an earlier attempt, which the empty marker is the proof of.</summary>
    private void RemoveHalfRestored()
    {
        foreach (var entry in Directory.EnumerateFiles(folder.Path))
        {
            if (Path.GetFileName(entry) != LockFile && entry != folder.RestoringFile)
            {
                File.Delete(entry);
            }
        }
    }

    private void RemoveStore(string name)
    {
        foreach (var file in Directory.EnumerateFiles(folder.Path, name + "*"))
        {
            File.Delete(file);
        }
    }

    /// <summary>With what a restore before the backup left out, whose report came out of the backup: this one takes its place.</summary>
    private void Keep(RestoreReport report)
    {
        var file = Path.Combine(folder.Path, RestoreReport.FileName);
        var earlier = File.Exists(file) ? JsonSerializer.Deserialize<RestoreReport>(File.ReadAllBytes(file), BackupJson.Options)! : null;
        DataFolder.CreatePrivateFile(
            file,
            JsonSerializer.SerializeToUtf8Bytes(
                report with
                {
                    Skipped = [.. earlier?.Skipped ?? [], .. report.Skipped],
                },
                BackupJson.Options
            ),
            replace: true
        );
    }

    private List<SkippedSerials> MoveCounters(IReadOnlyList<OfficialNumber> counters)
    {
        List<SkippedSerials> skipped = [];
        using var registry = new SqliteSession(CheckedSqliteConnection.Open(folder.RegistryFile, SqliteAccess.ReadWrite));
        registry.Execute("BEGIN IMMEDIATE");
        // The trigger lets a counter move by one, for registrations. It comes back in the same transaction, word for word.
        var trigger = registry.Scalar<string>("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'serials_are_gapless'")!;
        registry.Execute("DROP TRIGGER serials_are_gapless");
        foreach (var counter in counters)
        {
            var before = registry.Scalar<long>(
                "SELECT COALESCE(MAX(last_serial), 0) FROM registration_counters WHERE station_code = $1 AND registration_year = $2",
                counter.StationCode,
                counter.Year
            );
            if (counter.Serial == before)
            {
                continue;
            }

            registry.Execute(
                """
                INSERT INTO registration_counters (station_code, registration_year, last_serial) VALUES ($1, $2, $3)
                ON CONFLICT (station_code, registration_year) DO UPDATE SET last_serial = excluded.last_serial
                """,
                counter.StationCode,
                counter.Year,
                counter.Serial
            );
            skipped.Add(new((counter with { Serial = before + 1 }).Number, counter.Number));
        }

        registry.Execute(trigger);
        registry.Execute("COMMIT");
        new WriteAheadLog(folder.RegistryFile, registry).Checkpoint(CheckpointMode.Truncate);
        return skipped;
    }
}
