using System.CommandLine;
using AfirGen.Api.Backup;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Commands;

/// <summary>Restores both stores of a backup into an empty data folder and an empty registry.</summary>
internal static class RestoreCommand
{
    private static readonly Argument<string> Backup = new("backup") { Description = "Folder of the backup." };

    private static readonly Option<string[]> LastSerial = new("--last-serial")
    {
        Description =
            "The last official number that was given, as on the paper: PS/2026/0057. Once for each station and year that registered after the backup.",
    };

    private static readonly Option<long?> SkipSerials = new("--skip-serials")
    {
        Description = "Where nobody knows the last one: leave so many out, more than can have been given since the backup.",
    };

    public static Command Create()
    {
        var command = new Command("restore", "Restore a backup into an empty data folder and an empty registry.");
        command.Arguments.Add(Backup);
        command.Options.Add(LastSerial);
        command.Options.Add(SkipSerials);
        CommonOptions.AddTo(command);
        command.SetAction(
            (arguments, cancellationToken) =>
                CommandRun.RunAsync(
                    arguments,
                    CommonOptions.Settings(arguments),
                    (services, terminal) => RunAsync(services, terminal, arguments, cancellationToken)
                )
        );
        return command;
    }

    private static async Task RunAsync(
        IServiceProvider services,
        Terminal terminal,
        ParseResult arguments,
        CancellationToken cancellationToken
    )
    {
        var options = services.GetRequiredService<IOptions<BackupOptions>>().Value;
        var backup = StoredBackup.Open(Path.GetFullPath(arguments.GetValue(Backup)!), CommonOptions.Key(options));
        var report = await services
            .GetRequiredService<Restore>()
            .RunAsync(
                backup,
                Floors(arguments),
                progress =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    terminal.Progress(progress);
                },
                cancellationToken
            );
        terminal.Succeeded(
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
