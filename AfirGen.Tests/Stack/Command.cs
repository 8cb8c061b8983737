using System.Diagnostics;

namespace AfirGen.Tests.Stack;

/// <summary>Runs a program to its end.</summary>
internal static class Command
{
    /// <summary>Fails with what it wrote to its error stream unless it exits with 0.</summary>
    public static void Run(string program, params string[] arguments)
    {
        var (exitCode, error) = Try(program, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}: {error}");
    }

    /// <returns>What it wrote.</returns>
    public static string Read(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ends with {process.ExitCode}");
        return output;
    }

    /// <returns>Exit code and error stream.</returns>
    public static (int ExitCode, string Error) Try(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
