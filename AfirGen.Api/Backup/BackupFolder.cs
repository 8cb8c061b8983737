using System.Globalization;
using AfirGen.Api.Durability;

namespace AfirGen.Api.Backup;

/// <summary>
/// Where backups are stored, each in a folder of its own. A backup is written under another name and renamed once everything of it is
/// synced and has been restored for trial: whatever ends before that, a power cut too, leaves nothing that could be taken for a backup (G8).
/// </summary>
internal sealed class BackupFolder : IDisposable
{
    private const string Prefix = "afirgen-";
    private const string Unfinished = "unfinished-";
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";
    private readonly FileStream _lock;

    private BackupFolder(string path, FileStream held) => (Root, _lock) = (path, held);

    public string Root { get; }

    /// <summary>Takes the folder for one backup, and removes what an interrupted one has left.</summary>
    /// <exception cref="BackupException">Another backup is being written there, or the folder cannot be used.</exception>
    public static BackupFolder Take(string path)
    {
        try
        {
            var root = Path.GetFullPath(path);
            if (!Directory.Exists(root))
            {
                DataFolder.CreatePrivateFolder(root);
            }

            var folder = new BackupFolder(
                root,
                new FileStream(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)
            );
            folder.Sweep();
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(
                BackupFault.Failed,
                $"The backup folder {path} cannot be used: {e.Message} Is another backup under way?",
                e
            );
        }
    }

    /// <summary>The stored backups, oldest first. Needs no lock: a folder has its name only when it is complete.</summary>
    public static IReadOnlyList<string> List(string path) =>
        Directory.Exists(path)
            ?
            [
                .. Directory
                    .EnumerateDirectories(path, Prefix + "*")
                    .Where(folder => TimeOf(folder) is not null)
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    /// <summary>
    /// Those of them that are named after a time that has come, oldest first. A clock that was ahead gave the others their names: none of them
    /// says that a backup is young, keeps the next one from being made, or takes the place of one that is kept.
    /// </summary>
    public static IReadOnlyList<string> UpTo(DateTimeOffset now, IEnumerable<string> stored) =>
        [.. stored.Where(folder => TimeOf(folder) <= now)];

    /// <summary>When the backup in this folder was taken, UTC; null when the folder is none.</summary>
    public static DateTimeOffset? TimeOf(string folder) =>
        DateTimeOffset.TryParseExact(
            Path.GetFileName(folder).AsSpan(Math.Min(Prefix.Length, Path.GetFileName(folder).Length)),
            TimeFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? time
            : null;

    public static string NameFor(DateTimeOffset at) => Prefix + at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>An empty folder to write in.</summary>
    public string Begin(string name)
    {
        var folder = Path.Combine(Root, Unfinished + name);
        DataFolder.CreatePrivateFolder(folder);
        return folder;
    }

    /// <summary>From here on it is a backup. Everything in it has been synced.</summary>
    /// <returns>Its folder.</returns>
    public string Commit(string name)
    {
        var (from, to) = (Path.Combine(Root, Unfinished + name), Path.Combine(Root, name));
        DataFolder.SyncDirectory(from); // before the name: a name without its files would be a backup that is none (G8)
        Directory.Move(from, to);
        DataFolder.SyncDirectory(Root);
        return to;
    }

    /// <summary>It did not come about.</summary>
    public void Abandon(string name)
    {
        var folder = Path.Combine(Root, Unfinished + name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Deletes the oldest beyond <paramref name="keep"/>. Renamed first, so that half a deletion leaves no half backup.</summary>
    /// <param name="now">When the newest was named: what a clock that was ahead has named later never pushes that out (G8).</param>
    public void Prune(int keep, DateTimeOffset now)
    {
        foreach (var old in UpTo(now, List(Root)).SkipLast(keep))
        {
            var doomed = Path.Combine(Root, Unfinished + Path.GetFileName(old));
            Directory.Move(old, doomed);
            DataFolder.SyncDirectory(Root);
            Directory.Delete(doomed, recursive: true);
        }
    }

    public void Dispose() => _lock.Dispose();

    private void Sweep()
    {
        try
        {
            foreach (var left in Directory.EnumerateDirectories(Root, Unfinished + "*"))
            {
                Directory.Delete(left, recursive: true);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }
}
