using System.Globalization;
using AfirGen.Api.Backup;

namespace AfirGen.Api.Doctor.Backups;

/// <summary>There is a backup, not too old, and one was restored for trial and found right not too long ago: the limits of the alerts.</summary>
internal sealed class BackupAge(Deployment deployment, Mending mending) : ICheck
{
    /// <summary>AfirGenBackupStale.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromDays(1);

    /// <summary>AfirGenRestoreNotVerified.</summary>
    public static readonly TimeSpan NotVerified = TimeSpan.FromDays(7);

    public string Name => "backup";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) => Task.FromResult(Look());

    private IReadOnlyList<Finding> Look()
    {
        if (!deployment.Backup.IsConfigured)
        {
            return
            [
                Finding.Wrong(
                    "none are made: the loss of this machine would lose everything",
                    mending.Set("AfirGen__Backup__Folder", "FOLDER")
                        + "; the same with AfirGen__Backup__KeyFile, of: openssl rand -hex 32 > backup.key && chmod 600 backup.key"
                ),
            ];
        }

        var folder = deployment.Backup.Folder!;
        var stored = BackupFolder.List(folder);
        if (stored.Count == 0)
        {
            return [Finding.Wrong($"there is none in {folder}", mending.Afirgen("backup"))];
        }

        var now = deployment.Clock.GetUtcNow();
        var past = BackupFolder.UpTo(now, stored);
        var verified = stored.Select(StoredBackup.VerifiedAt).Where(at => at <= now).Max();
        return
        [
            .. stored.Except(past).Select(Future),
            past is [.., var newest]
                ? Judge($"{newest}: taken", BackupFolder.TimeOf(newest)!.Value, Stale, mending.Afirgen("backup"))
                : Finding.Wrong($"there is no other in {folder}", mending.Afirgen("backup")),
            verified is { } at
                ? Judge("one was restored for trial", at, NotVerified, mending.Afirgen("verify"))
                : Finding.Wrong($"none of {stored.Count} in {folder} was ever restored for trial", mending.Afirgen("verify")),
        ];
    }

    private Finding Future(string backup) =>
        Finding.Wrong(
            $"{backup} is named after a time that has not come: the clock was ahead, or is behind now; it never gets old, nor is it deleted",
            mending.OnFiles(
                $"mv {Mending.Quote(backup)} {Mending.Quote(Path.Combine(Path.GetDirectoryName(backup)!, "ahead-" + Path.GetFileName(backup)))}"
            ) + "   # if the clock is right now; it restores under that name too"
        );

    private Finding Judge(string what, DateTimeOffset at, TimeSpan limit, string mend)
    {
        var age = deployment.Clock.GetUtcNow() - at;
        var text = $"{what} {Hours(age)} ago";
        return age <= limit ? Finding.Right($"{text}, at most {Hours(limit)}") : Finding.Wrong($"{text}, more than {Hours(limit)}", mend);
    }

    private static string Hours(TimeSpan time) => time.TotalHours.ToString("0.0 h", CultureInfo.InvariantCulture);
}
