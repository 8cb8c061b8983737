using System.Diagnostics;

namespace AfirGen.Tests.Stack;

/// <summary>Runs a program to its end.</summary>
internal static class Command
{
    /// <summary>Fails with what it wrote to its error stream unless it exits with 0.</summary>
    /// <returns>What it wrote to its output.</returns>
    public static string Run(string program, params string[] arguments)
    {
        var (exitCode, output, error) = Try(program, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}: {error}");
        return output;
    }

    public static (int ExitCode, string Output, string Error) Try(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var output = process.StandardOutput.ReadToEndAsync(); // both at once: a full pipe would hold the program up
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.GetAwaiter().GetResult(), error);
    }
}
