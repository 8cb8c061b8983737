using System.Collections.Frozen;
using System.Text;

namespace AfirGen.Api.Drafting.Models;

/// <summary>
/// Makes a transcript readable without touching what it says: runs of blanks inside a line, the small letter after a full stop,
/// and in recordings the sounds that are no words. Lines stay lines; text that needs nothing comes back as it is.
/// </summary>
internal static class TranscriptTidier
{
    private static readonly FrozenSet<string> Sounds = new[] { "um", "umm", "uh", "uhh", "uhm", "erm", "hmm" }.ToFrozenSet(
        StringComparer.OrdinalIgnoreCase
    );

    public static string Tidy(string text, ComplaintSource source)
    {
        var tidy = new StringBuilder(text.Length);
        var start = 0;
        while (start < text.Length)
        {
            var newline = text.IndexOf('\n', start);
            var end = newline < 0 ? text.Length : newline;
            var carriageReturn = newline > start && text[newline - 1] == '\r';
            Line(tidy, text[start..(carriageReturn ? end - 1 : end)], source);
            tidy.Append(
                carriageReturn ? "\r\n"
                : newline < 0 ? ""
                : "\n"
            );
            start = end + 1;
        }
        return tidy.ToString();
    }

    private static void Line(StringBuilder tidy, string line, ComplaintSource source)
    {
        var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Where(w => source != ComplaintSource.Audio || !Sounds.Contains(w.TrimEnd(',', '.')))
            .ToArray();
        var startsSentence = true;
        for (var n = 0; n < words.Length; n++)
        {
            var word = words[n];
            tidy.Append(n == 0 ? "" : " ").Append(startsSentence || word == "i" ? Capitalised(word) : word);
            startsSentence = word.Length > 3 && word[^1] is '.' or '!' or '?' && !word[..^1].Contains('.');
        }
    }

    // Plain words only: addresses, e-mail and UPI names keep their letters. The rest of a line after a break is left alone.
    private static string Capitalised(string word) =>
        char.IsAsciiLetterLower(word[0]) && word.All(c => char.IsAsciiLetterLower(c) || c is ',' or '.' or '\'' or '’')
            ? char.ToUpperInvariant(word[0]) + word[1..]
            : word;
}
