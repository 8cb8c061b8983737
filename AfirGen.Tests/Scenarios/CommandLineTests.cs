using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>What is typed wrong is said, and does nothing.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData(78, "restor", "restor", "/backups/last")]
    [InlineData(78, "start", "start")]
    [InlineData(78, "Required command was not provided", "--data-folder", "/nowhere")]
    [InlineData(78, "--foo", "backup", "--foo")]
    [InlineData(78, "'abc' for option '--skip-serials'.", "restore", "/backups/last", "--skip-serials", "abc")]
    [InlineData(78, "--last-serial", "restore", "/backups/last", "--last-serial")]
    [InlineData(78, "--foo", "key", "list", "--foo")]
    [InlineData(2, "--foo", "doctor", "--foo")] // of the doctor, 1 is something that is wrong with the deployment
    public async Task A_mistyped_command_is_refused_in_one_line_and_starts_no_service(int exitCode, string named, params string[] arguments)
    {
        await using var stack = EmbeddedStack.Prepared();

        var plain = await ServiceCommand.RunAsync(stack, arguments);
        var json = await ServiceCommand.RunAsync(stack, [arguments[0], "--json", .. arguments[1..]]);

        Assert.Equal((exitCode, ""), (plain.ExitCode, plain.Output));
        Assert.StartsWith("AfirGen: ", plain.Error, StringComparison.Ordinal);
        Assert.Contains(named, plain.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", plain.Error, StringComparison.Ordinal);
        Assert.Single(plain.Error.TrimEnd('\n').Split('\n'));
        Assert.Equal(exitCode, json.ExitCode);
        Assert.False((bool)json.Json()["success"]!);
        Assert.False(Directory.Exists(stack.DataFolder));
    }
}
