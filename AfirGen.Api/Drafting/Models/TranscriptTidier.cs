using System.Buffers;
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

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> SoundsBySpan = Sounds.GetAlternateLookup<
        ReadOnlySpan<char>
    >();

    private static readonly SearchValues<char> PlainCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz,.'’");

    public static string Tidy(string text, ComplaintSource source)
    {
        var tidy = new StringBuilder(text.Length);
        var start = 0;
        while (start < text.Length)
        {
            var newline = text.IndexOf('\n', start);
            var end = newline < 0 ? text.Length : newline;
            var carriageReturn = newline > start && text[newline - 1] == '\r';
            Line(tidy, text.AsSpan(start..(carriageReturn ? end - 1 : end)), source);
            tidy.Append(
                carriageReturn ? "\r\n"
                : newline < 0 ? ""
                : "\n"
            );
            start = end + 1;
        }
        return tidy.ToString();
    }

    private static void Line(StringBuilder tidy, ReadOnlySpan<char> line, ComplaintSource source)
    {
        var isFirst = true;
        var startsSentence = true;
        foreach (var range in line.SplitAny(' ', '\t'))
        {
            var word = line[range];
            if (word.IsEmpty || (source == ComplaintSource.Audio && SoundsBySpan.Contains(word.TrimEnd(",."))))
            {
                continue;
            }

            tidy.Append(isFirst ? "" : " ");
            if ((startsSentence || word is "i") && IsPlain(word))
            {
                tidy.Append(char.ToUpperInvariant(word[0])).Append(word[1..]);
            }
            else
            {
                tidy.Append(word);
            }

            isFirst = false;
            startsSentence = word.Length > 3 && word[^1] is '.' or '!' or '?' && !word[..^1].Contains('.');
        }
    }

    // Plain words only: addresses, e-mail and UPI names keep their letters. The rest of a line after a break is left alone.
    private static bool IsPlain(ReadOnlySpan<char> word) => char.IsAsciiLetterLower(word[0]) && !word.ContainsAnyExcept(PlainCharacters);
}
