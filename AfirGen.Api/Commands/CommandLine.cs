using System.CommandLine;
using System.Text.RegularExpressions;

namespace AfirGen.Api.Commands;

/// <summary>The commands of the executable. Without one it is the service, as it is with options alone.</summary>
internal static partial class CommandLine
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

    /// <summary>
    /// Whether these ask for a command. A word that is none is a command mistyped: a service that started on it would make stores where somebody
    /// wanted to restore some.
    /// </summary>
    public static bool AreFor(string[] args) =>
        args is [{ Length: > 0 } first, ..]
        && (
            first is "--help" or "-h" or "-?" or "--version"
            || CommonOptions.OfCommands.Any(option => option.Name == first)
            || (first[0] is not ('-' or '/') && !first.Contains('='))
        );

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

        var arguments = root.Parse(args);
        return arguments.Errors is [] ? arguments.InvokeAsync() : Task.FromResult(Refuse(arguments, args.Contains(Terminal.Json.Name)));
    }

    private static int Refuse(ParseResult arguments, bool json)
    {
        var command = arguments.CommandResult.Command;
        var faults = arguments.Errors.Select(error => ExpectedType().Replace(error.Message, ".")).Distinct();
        new Terminal(json).Failed($"{string.Join(" ", faults)} See {(command is RootCommand ? "" : command.Name + " ")}--help.");
        return command.Name == DoctorCommand.Name ? DoctorCommand.CouldNotLook : CommandRun.Configuration;
    }

    // The library names the type of ours that it wanted.
    [GeneratedRegex(@" as expected type '[^']*'\.?")]
    private static partial Regex ExpectedType();
}
