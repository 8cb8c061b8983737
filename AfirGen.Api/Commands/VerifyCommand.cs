using System.CommandLine;
using AfirGen.Api.Backup;

namespace AfirGen.Api.Commands;

/// <summary>Restores stored backups for trial and checks them, beside a running service or without one.</summary>
internal static class VerifyCommand
{
    private static readonly Argument<string?> Backup = new("backup")
    {
        Description = "Folder of the backup; default: the newest one of the backup folder.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> Every = new("--all") { Description = "Every backup of the backup folder." };

    public static Command Create()
    {
        var command = new Command("verify", "Restore a backup into scratch stores and check all of it.");
        command.Arguments.Add(Backup);
        command.Options.Add(Every);
        return command.Runs(RunAsync, CommonOptions.OfBackups);
    }

    private static async Task RunAsync(CommandContext context)
    {
        var key = CommonOptions.Key(context.Options);
        List<VerifiedBackup> verified = [];
        foreach (var folder in Chosen(context))
        {
            var backup = StoredBackup.Open(folder, key);
            var into = await context.Part<TrialRestore>().RunAsync(backup, context.Progress, context.CancellationToken);
            verified.Add(new(folder, backup.Manifest.TakenAt, backup.Manifest.Registry.Ledger.Position, into));
        }

        context.Terminal.Succeeded(
            verified,
            [
                .. verified.Select(backup =>
                    $"{backup.Folder} restores: taken {backup.TakenAt:u}, {backup.Registered} FIRs registered, checked in {backup.RestoredInto}."
                ),
            ]
        );
    }

    private static IReadOnlyList<string> Chosen(CommandContext context)
    {
        if (context.Arguments.GetValue(Backup) is { } one)
        {
            return [Path.GetFullPath(one)];
        }

        var stored = context.Options.IsConfigured ? BackupFolder.List(context.Options.Folder!) : [];
        return stored.Count == 0
                ? throw new BackupException(
                    BackupFault.Configuration,
                    "There is no backup: name one, or set --folder or AfirGen__Backup__Folder."
                )
            : context.Arguments.GetValue(Every) ? stored
            : BackupFolder.UpTo(context.Part<TimeProvider>().GetUtcNow(), stored) is [.., var newest] ? [newest]
            : [stored[^1]];
    }

    private sealed record VerifiedBackup(string Folder, DateTimeOffset TakenAt, long Registered, string RestoredInto);
}
