using System.CommandLine;
using AfirGen.Api.Backup;

namespace AfirGen.Api.Commands;

/// <summary>
/// Restores both stores of a backup into an empty data folder and an empty registry, or MySQL alone beside a whole journal, around a replay
/// of the binary log.
/// </summary>
internal static class RestoreCommand
{
    private static readonly Argument<string?> Backup = new("backup")
    {
        Description = "Folder of the backup.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string[]> LastSerial = new("--last-serial")
    {
        Description =
            "The last official number that was given, as on the paper: PS/2026/0057. Once for each station and year that registered after the backup.",
    };

    private static readonly Option<long?> SkipSerials = new("--skip-serials")
    {
        Description = "Where nobody knows the last one: leave so many out, more than can have been given since the backup.",
    };

    private static readonly Option<bool> RegistryOnly = new("--registry-only")
    {
        Description = "MySQL alone; the journal is whole and stays. The binary log is to be replayed next, then --finish.",
    };

    private static readonly Option<bool> Finish = new("--finish")
    {
        Description = "The binary log has been replayed: check that nothing is missing, and let the service start.",
    };

    public static Command Create()
    {
        var command = new Command("restore", "Restore a backup into an empty data folder and an empty registry.");
        command.Arguments.Add(Backup);
        command.Options.Add(LastSerial);
        command.Options.Add(SkipSerials);
        command.Options.Add(RegistryOnly);
        command.Options.Add(Finish);
        return command.Runs(RunAsync, CommonOptions.OfBackups);
    }

    private static async Task RunAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        if (arguments.GetValue(Finish))
        {
            var end = await context.Part<RegistryRestore>().FinishAsync(context.Progress, context.CancellationToken);
            context.Terminal.Succeeded(
                end,
                $"The registry has all that the journal knows: {end.Position} FIRs registered. The service may start."
            );
            return;
        }

        var folder =
            arguments.GetValue(Backup) ?? throw new BackupException(BackupFault.Configuration, "Say which backup: the folder of one.");
        var backup = StoredBackup.Open(Path.GetFullPath(folder), CommonOptions.Key(context.Options));
        if (arguments.GetValue(RegistryOnly))
        {
            await context.Part<RegistryRestore>().BeginAsync(backup, context.Progress, context.CancellationToken);
            context.Terminal.Succeeded(
                backup.Manifest.Registry,
                $"MySQL is as it was at {backup.Manifest.TakenAt:u}. Replay the binary log from this position on, then: restore --finish",
                backup.Manifest.Registry.Position ?? ""
            );
            return;
        }

        var report = await context.Part<Restore>().RunAsync(backup, Floors(arguments), context.Progress, context.CancellationToken);
        context.Terminal.Succeeded(
            report,
            [
                $"Restored {report.Backup}, taken {report.TakenAt:u}: {report.Ledger.Position} FIRs registered. The service may start.",
                "What was acknowledged after that is not in it.",
                .. report.Skipped.Select(skipped => $"Never given: {skipped.From} to {skipped.To}. Enter it in the station's register."),
            ]
        );
    }

    private static SerialFloors Floors(ParseResult arguments)
    {
        var skip = arguments.GetValue(SkipSerials);
        if (skip < 0)
        {
            throw new BackupException(BackupFault.Configuration, "--skip-serials must not be negative.");
        }

        var last = (arguments.GetValue(LastSerial) ?? []).Select(text =>
            SerialFloors.Parse(text)
            ?? throw new BackupException(BackupFault.Configuration, $"--last-serial {text}: wanted as on the paper, PS/2026/0057.")
        );
        return new([.. last], skip);
    }
}
