using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CliWrap;

namespace AfirGen.Tests.Operations;

/// <summary>Types the boxes of a document into one bash, in order, and looks at what they print.</summary>
/// <param name="folder">Where it is typed.</param>
/// <param name="environment">What the shell knows besides.</param>
internal sealed class CommandSession(string folder, IReadOnlyDictionary<string, string?> environment)
{
    private const string Mark = "=== the box of line ";

    /// <summary>Returns when every command has ended with 0 and everything that was promised has been printed.</summary>
    /// <param name="patience">For all of them together.</param>
    public async Task RunAsync(IReadOnlyList<CommandBox> boxes, TimeSpan patience)
    {
        var printed = new StringBuilder();
        using var limit = new CancellationTokenSource(patience);
        var exitCode = await RunAsync(Typed(boxes), printed, limit.Token);
        var output = Split(printed.ToString());
        foreach (var box in boxes)
        {
            if (!output.TryGetValue(box.Line, out var lines))
            {
                break; // an earlier one has failed, and is looked at last
            }

            var missing = Missing(box.Promised, lines);
            Assert.True(
                missing is null || (exitCode != 0 && box == boxes[output.Count - 1]),
                $"Line {box.Line}, {box.Section}: \"{missing}\" was promised and not printed in:\n{string.Join('\n', lines)}"
            );
        }

        var last = boxes[Math.Max(0, output.Count - 1)];
        var end = exitCode is null ? $"not done within {patience}" : $"exit code {exitCode}";
        var rest = string.Join('\n', output.GetValueOrDefault(last.Line, []));
        Assert.True(exitCode == 0, $"Line {last.Line}, {last.Section}: {end}:\n{rest}");
        Assert.Equal(boxes.Select(box => box.Line), output.Keys); // each of them, once and in order
    }

    /// <returns>The first promised line that is not there, after the ones before it; null when all are.</returns>
    internal static string? Missing(IReadOnlyList<string> promised, IReadOnlyList<string> printed)
    {
        var at = 0;
        foreach (var line in promised)
        {
            var wanted = new Regex($"^{string.Join(".*", line.Trim().Split('…').Select(Regex.Escape))}$");
            while (at < printed.Count && !wanted.IsMatch(printed[at].Trim()))
            {
                at++;
            }

            if (at++ >= printed.Count)
            {
                return line;
            }
        }

        return null;
    }

    private static string Typed(IReadOnlyList<CommandBox> boxes) =>
        "set -euo pipefail\nexec 2>&1\n"
        + string.Concat(boxes.Select(box => string.Create(CultureInfo.InvariantCulture, $"echo '{Mark}{box.Line}'\n{box.Commands}\n")));

    /// <returns>The exit code; null when it was not done in time.</returns>
    private async Task<int?> RunAsync(string script, StringBuilder printed, CancellationToken limit)
    {
        try
        {
            var result = await Cli.Wrap("bash")
                .WithArguments(["-c", script]) // no file, which an aborted run would leave; no input, which the commands would read
                .WithWorkingDirectory(folder)
                .WithEnvironmentVariables(environment)
                .WithStandardOutputPipe(PipeTarget.ToStringBuilder(printed, Encoding.UTF8))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(limit);
            return result.ExitCode;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <returns>What was printed, by the line of the box.</returns>
    private static Dictionary<int, List<string>> Split(string printed)
    {
        var output = new Dictionary<int, List<string>>();
        List<string>? current = null;
        foreach (var line in printed.Split('\n'))
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                output[int.Parse(line.AsSpan(Mark.Length), CultureInfo.InvariantCulture)] = current = [];
            }
            else
            {
                current?.Add(line);
            }
        }

        return output;
    }
}
