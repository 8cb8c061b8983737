using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Backup;

/// <summary>A key, a place for backups, and the commands of the real executable.</summary>
internal sealed class BackupDesk : IDisposable
{
    public const int Damaged = 65;
    public const int TargetRefused = 73;
    public const int Misconfigured = 78;
    private readonly TemporaryFolder _folder = new();

    /// <param name="folder">Where backups are stored; null: a folder of its own.</param>
    public BackupDesk(string? folder = null)
    {
        Folder = folder ?? _folder.File("backups");
        NewKey(KeyFile);
    }

    public string Folder { get; }

    public string KeyFile => _folder.File("backup.key");

    public IReadOnlyList<string> Stored =>
        Directory.Exists(Folder) ? [.. Directory.GetDirectories(Folder, "afirgen-*").Order(StringComparer.Ordinal)] : [];

    public IReadOnlyList<string> Unfinished => Directory.Exists(Folder) ? Directory.GetDirectories(Folder, "unfinished-*") : [];

    /// <summary>Makes the service know where to back up to; it does so only when asked.</summary>
    public void Equip(TestStack stack)
    {
        stack.Settings["AfirGen:Backup:Folder"] = Folder;
        stack.Settings["AfirGen:Backup:KeyFile"] = KeyFile;
        stack.Settings["AfirGen:Backup:Interval"] = "00:00:00";
    }

    /// <summary>POST /backup.</summary>
    /// <returns>The folder of the backup.</returns>
    public static async Task<string> TakeAsync(TestStack stack) =>
        (await stack.Client.PostAsync("/backup")).RequireOk().Json["status"]!["folder"]!.ToString();

    public string NewKey(string? path = null)
    {
        path ??= _folder.File($"{Guid.NewGuid():N}.key");
        File.WriteAllText(path, Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)) + "\n");
        return path;
    }

    /// <inheritdoc cref="ServiceCommand.RunAsync"/>
    public Task<CommandResult> RunAsync(TestStack stack, params string[] arguments) =>
        ServiceCommand.RunAsync(stack, new() { ["AfirGen:Backup:Folder"] = Folder, ["AfirGen:Backup:KeyFile"] = KeyFile }, arguments);

    public void Dispose() => _folder.Dispose();
}
