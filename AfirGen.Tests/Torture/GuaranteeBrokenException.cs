using System.Text;
using System.Text.RegularExpressions;
using AfirGen.Tests.History;

namespace AfirGen.Tests.Torture;

/// <summary>A run found something: what, in which round, from which seed, and the lines of the history that show it.</summary>
internal sealed partial class GuaranteeBrokenException(int seed, int round, string plan, IReadOnlyList<Finding> findings, string history)
    : Exception(Describe(seed, round, plan, findings, history))
{
    private const int Shown = 10;
    private const int LinesShown = 12;

    public int Round => round;

    public IReadOnlyList<Finding> Findings => findings;

    private static string Describe(int seed, int round, string plan, IReadOnlyList<Finding> findings, string history)
    {
        var text = new StringBuilder();
        text.AppendLine($"AFIRGEN_SEED={seed}, round {round} ({plan}): {findings.Count} findings. The whole history: {history}");
        foreach (var finding in findings.Take(Shown))
        {
            text.AppendLine($"- {finding.Violation}: {finding.Detail}");
            if (Subject().Match(finding.Detail) is { Success: true } subject)
            {
                foreach (var line in Lines(history, $"\"{subject.Value}\"").TakeLast(LinesShown))
                {
                    text.AppendLine($"    {line}");
                }
            }
        }

        return text.ToString();
    }

    private static IEnumerable<string> Lines(string history, string key)
    {
        using var file = new StreamReader(new FileStream(history, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (file.ReadLine() is { } line)
        {
            if (line.Contains(key, StringComparison.Ordinal))
            {
                yield return line;
            }
        }
    }

    /// <summary>A request as clients name it, a FIR or a session.</summary>
    [GeneratedRegex(@"\be\d+c\d+-\d+\b|\bFIR-[0-9a-f]{8}-\d{14}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")]
    private static partial Regex Subject();
}
