using System.CommandLine;
using AfirGen.Api.Backup;

namespace AfirGen.Api.Commands;

/// <summary>Options that stand for settings of the service, so that a command needs no environment.</summary>
internal static class CommonOptions
{
    public static readonly Option<string?> DataFolder = new("--data-folder") { Description = "AfirGen__DataFolder: holds both stores." };

    public static readonly Option<string?> ApiKeyFile = new("--api-key-file")
    {
        Description = "AfirGen__ApiKeyFile: holds the hashes of the API keys, their roles and times.",
    };

    private static readonly Option<string?> Folder = new("--folder") { Description = "AfirGen__Backup__Folder: holds the backups." };
    private static readonly Option<string?> KeyFile = new("--key-file")
    {
        Description = "AfirGen__Backup__KeyFile: what they are sealed with.",
    };

    private static readonly Option<string?> ScratchFolder = new("--scratch")
    {
        Description = "AfirGen__Backup__ScratchFolder: where stores lie in clear text for a while; default: in the data folder.",
    };

    /// <summary>Of commands that make or read backups.</summary>
    public static Option[] OfBackups { get; } = [DataFolder, Folder, KeyFile, ScratchFolder];

    /// <summary>None of which is the service's.</summary>
    public static IEnumerable<Option> OfCommands => [Terminal.Json, ApiKeyFile, .. OfBackups];

    public static IEnumerable<KeyValuePair<string, string?>> Settings(ParseResult arguments) =>
        [
            new("AfirGen:DataFolder", arguments.GetValue(DataFolder)),
            new("AfirGen:ApiKeyFile", arguments.GetValue(ApiKeyFile)),
            new($"{BackupOptions.Section}:Folder", arguments.GetValue(Folder)),
            new($"{BackupOptions.Section}:KeyFile", arguments.GetValue(KeyFile)),
            new($"{BackupOptions.Section}:ScratchFolder", arguments.GetValue(ScratchFolder)),
        ];

    /// <exception cref="BackupException">Neither said nor configured, or no key.</exception>
    public static BackupKey Key(BackupOptions options) =>
        BackupKey.Read(
            options.KeyFile is { Length: > 0 } file
                ? file
                : throw new BackupException(BackupFault.Configuration, "Say which key: --key-file, or AfirGen__Backup__KeyFile.")
        );
}
