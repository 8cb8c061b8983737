using System.Text.RegularExpressions;

namespace AfirGen.Tests.Operations;

/// <summary>A box of commands in a document, and what the document says that they print.</summary>
/// <param name="Section">The heading that it stands under.</param>
/// <param name="Line">Of the document, from 1, where the commands begin.</param>
/// <param name="Promised">Lines that appear in this order, among others; <c>…</c> stands for anything.</param>
internal sealed record CommandBox(string Section, int Line, string Commands, IReadOnlyList<string> Promised);

/// <summary>A document of commands: boxes of <c>bash</c>, each followed by a box of <c>text</c> where it promises something.</summary>
internal static partial class CommandDocument
{
    /// <exception cref="FormatException">It has a box that nobody would run, or a promise that nobody would check.</exception>
    public static IReadOnlyList<CommandBox> Read(string markdown)
    {
        var boxes = new List<CommandBox>();
        var section = "";
        var lines = markdown.Split('\n');
        for (var at = 0; at < lines.Length; at++)
        {
            if (Heading().Match(lines[at]) is { Success: true } heading)
            {
                section = heading.Groups[1].Value;
            }
            else if (Fence().Match(lines[at]) is { Success: true } fence)
            {
                var end = Array.FindIndex(lines, at + 1, line => Fence().IsMatch(line));
                var content = lines[(at + 1)..(end < 0 ? throw new FormatException($"Line {at + 1}: the box has no end.") : end)];
                switch (fence.Groups[1].Value)
                {
                    case "bash" when section.Length > 0:
                        boxes.Add(new(section, at + 2, string.Join('\n', content), []));
                        break;
                    case "text" when boxes is [.., { Promised: [] } last] && last.Line + last.Commands.Split('\n').Length == at:
                        boxes[^1] = last with { Promised = content };
                        break;
                    default:
                        throw new FormatException($"Line {at + 1}: only a box of bash under a heading, and one of text right below it.");
                }

                at = end;
            }
            else if (lines[at].StartsWith("    ", StringComparison.Ordinal))
            {
                throw new FormatException($"Line {at + 1}: an indented box is one that nobody runs.");
            }
        }

        return boxes;
    }

    [GeneratedRegex("^## (.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex("^ {0,3}(?:```|~~~)(.*)$")]
    private static partial Regex Fence();
}
