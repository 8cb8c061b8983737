using AfirGen.Api.Endpoints;

namespace AfirGen.Api.Backup;

/// <summary>Configuration section <c>AfirGen:Backup</c>. With a folder and a key file the service backs itself up; without, it warns.</summary>
internal sealed class BackupOptions
{
    public const string Section = "AfirGen:Backup";
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>Where backups are stored: another disk than the data folder's, or a share. One folder for each service.</summary>
    public string? Folder { get; set; }

    /// <summary>File of 64 hexadecimal digits, the key that backups are sealed with. Kept elsewhere than data and backups.</summary>
    public string? KeyFile { get; set; }

    /// <summary>From one scheduled backup to the next, counted from the newest stored one, also through restarts. 0: only when asked.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(6);

    /// <summary>So many are kept; older ones are deleted once a newer one is stored and verified.</summary>
    public int Keep { get; set; } = 28;

    /// <summary>Where both stores lie in clear text while a backup is made or verified; default: <c>scratch</c> in the data folder.</summary>
    public string? ScratchFolder { get; set; }

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Folder);

    /// <returns>One line that says what to set; null when all is well.</returns>
    public string? Problem(ServiceOptions service)
    {
        if (!IsConfigured)
        {
            return null;
        }

        if (Interval != TimeSpan.Zero && (Interval < Shortest || Interval > Longest))
        {
            return "AfirGen:Backup:Interval must be from one second to seven days, or 0 for backups only when asked. Set AfirGen__Backup__Interval.";
        }

        if (Keep < 1)
        {
            return "AfirGen:Backup:Keep must be at least 1. Set AfirGen__Backup__Keep.";
        }

        if (IsInside(Folder!, service.DataFolder))
        {
            return "AfirGen:Backup:Folder lies in the data folder and would be lost with it. Set AfirGen__Backup__Folder to another disk.";
        }

        if (string.IsNullOrWhiteSpace(KeyFile))
        {
            return "AfirGen:Backup:KeyFile is not set. Make one with: openssl rand -hex 32 > backup.key, keep a copy in a safe place, and set AfirGen__Backup__KeyFile.";
        }

        if (IsInside(KeyFile, service.DataFolder) || IsInside(KeyFile, Folder!))
        {
            return "AfirGen:Backup:KeyFile lies with the data or with the backups: lost with the one, worthless with the other. Set AfirGen__Backup__KeyFile to a place of its own.";
        }

        try
        {
            BackupKey.Read(KeyFile);
            return null;
        }
        catch (BackupException e)
        {
            return $"AfirGen:Backup:KeyFile: {e.Message}";
        }
    }

    private static bool IsInside(string path, string folder)
    {
        var parent = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        return (Path.GetFullPath(path) + Path.DirectorySeparatorChar).StartsWith(parent, StringComparison.Ordinal);
    }
}
