using System.CommandLine;

namespace AfirGen.Api.Commands;

/// <summary>The commands of the executable. Without one it is the service, as it is with options alone.</summary>
internal static class CommandLine
{
    private static IEnumerable<Command> All =>
        [
            BackupCommand.Create(),
            VerifyCommand.Create(),
            RestoreCommand.Create(),
            DoctorCommand.Create(),
            KeyCommand.Create(),
            AuditCommand.Create(),
        ];

    public static bool Names(string[] args) =>
        args is [var first, ..] && (first is "--help" or "-h" or "-?" or "--version" || All.Any(command => command.Name == first));

    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand(
            "AfirGen drafts and registers FIRs. Without a command it runs the service; settings come from the environment, see docs/configuration.md."
        );
        root.Options.Add(Terminal.Json);
        foreach (var command in All)
        {
            root.Subcommands.Add(command);
        }

        return root.Parse(args).InvokeAsync();
    }
}
