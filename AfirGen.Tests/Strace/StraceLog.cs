using System.Text.RegularExpressions;

namespace AfirGen.Tests.Strace;

/// <summary>One system call of a trace written with <c>strace -f -y</c>.</summary>
/// <param name="Entered">Line on which it began; calls of several threads overlap.</param>
/// <param name="Left">Line on which it returned; null when it never did.</param>
/// <param name="Path">What the first descriptor stands for; "" when it is none.</param>
/// <param name="Data">All strings among its arguments, one after the other.</param>
/// <param name="Result">What it returned; -1 after an error.</param>
internal sealed record SystemCall(int Entered, int? Left, string Name, string Path, byte[] Data, long Result)
{
    public bool Succeeded => Left is not null && Result >= 0;
}

/// <summary>Reads a trace.</summary>
internal static partial class StraceLog
{
    private const string Unfinished = " <unfinished ...>";

    /// <summary>The calls in the order in which they began.</summary>
    public static IReadOnlyList<SystemCall> Parse(IEnumerable<string> lines)
    {
        var calls = new List<SystemCall>();
        var open = new Dictionary<string, (int Entered, string Text)>();
        var number = -1;
        foreach (var line in lines)
        {
            number++;
            var parts = Line().Match(line);
            if (!parts.Success)
            {
                continue;
            }

            var (thread, text) = (parts.Groups["thread"].Value, parts.Groups["text"].Value);
            if (text.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                open[thread] = (number, text[..^Unfinished.Length]);
            }
            else if (Resumed().Match(text) is { Success: true } resumed)
            {
                if (open.Remove(thread, out var begun))
                {
                    Add(calls, begun.Entered, number, begun.Text + text[resumed.Length..]);
                }
            }
            else
            {
                Add(calls, number, number, text);
            }
        }

        foreach (var (entered, text) in open.Values)
        {
            Add(calls, entered, null, text);
        }

        calls.Sort((a, b) => a.Entered.CompareTo(b.Entered));
        return calls;
    }

    private static void Add(List<SystemCall> calls, int entered, int? left, string text)
    {
        if (Call().Match(text) is not { Success: true } call)
        {
            return; // a signal, or the end of a thread
        }

        var result = Result().Match(text);
        calls.Add(
            new(
                entered,
                left,
                call.Groups["name"].Value,
                call.Groups["path"].Value,
                Bytes(text),
                result.Success ? long.Parse(result.Groups["value"].Value, System.Globalization.CultureInfo.InvariantCulture) : -1
            )
        );
    }

    /// <summary>Undoes strace's escapes: the bytes of every quoted string in <paramref name="text"/>.</summary>
    private static byte[] Bytes(string text)
    {
        var bytes = new List<byte>();
        foreach (Match quoted in Quoted().Matches(text))
        {
            var value = quoted.Groups["value"].ValueSpan;
            for (var i = 0; i < value.Length; i++)
            {
                if (value[i] != '\\')
                {
                    bytes.Add((byte)value[i]);
                    continue;
                }

                i++;
                if (value[i] is >= '0' and <= '7')
                {
                    var octal = 0;
                    for (var digits = 0; digits < 3 && i < value.Length && value[i] is >= '0' and <= '7'; digits++, i++)
                    {
                        octal = (octal * 8) + (value[i] - '0');
                    }

                    i--;
                    bytes.Add((byte)octal);
                }
                else
                {
                    bytes.Add((byte)("ntrvf".IndexOf(value[i]) is >= 0 and var at ? "\n\t\r\v\f"[at] : value[i]));
                }
            }
        }

        return [.. bytes];
    }

    [GeneratedRegex(@"^(?<thread>\d+)\s+(?<text>.*)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^<\.\.\. \w+ resumed>")]
    private static partial Regex Resumed();

    [GeneratedRegex(@"^(?<name>\w+)\((?:\d+<(?<path>[^>]*)>)?")]
    private static partial Regex Call();

    [GeneratedRegex(@"\)\s+= (?<value>-?\d+)(?: \w+ \([^)]*\))?(?: \(INJECTED\))?$")]
    private static partial Regex Result();

    [GeneratedRegex("\"(?<value>(?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Quoted();
}
