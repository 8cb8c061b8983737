using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Buffered;

namespace AfirGen.Tests.Stack;

/// <summary>What a command of the executable came to.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public JsonNode Json() => JsonNode.Parse(Output)!;

    public CommandResult RequireOk()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Output}{Error}");
        return this;
    }
}

/// <summary>Commands of the real executable.</summary>
internal static class ServiceCommand
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(3); // a command that began to serve would never end

    /// <summary>Runs one with the settings of a stack, as its operator would.</summary>
    /// <param name="settings">Of the command; those of the stack win.</param>
    public static async Task<CommandResult> RunAsync(TestStack stack, Dictionary<string, string> settings, params string[] arguments)
    {
        var environment = new Dictionary<string, string?> { ["AfirGen__DataFolder"] = stack.DataFolder };
        foreach (var (name, value) in settings.Concat(stack.Settings))
        {
            environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        using var over = new CancellationTokenSource(LongestRun);
        string[] command = [.. ApiProcess.Program, .. arguments];
        var result = await Cli.Wrap(command[0])
            .WithArguments(command[1..])
            .WithWorkingDirectory(AppContext.BaseDirectory)
            .WithEnvironmentVariables(environment)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(over.Token);
        return new(result.ExitCode, result.StandardOutput, result.StandardError);
    }

    public static Task<CommandResult> RunAsync(TestStack stack, params string[] arguments) => RunAsync(stack, [], arguments);
}
