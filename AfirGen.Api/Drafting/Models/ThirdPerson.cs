using System.Collections.Frozen;
using System.Text;

namespace AfirGen.Api.Drafting.Models;

/// <summary>
/// Turns a sentence from the first person to the third by rule: "I parked my car" becomes "the complainant parked the
/// complainant's car". Quoted speech stays as spoken, and so does any text that is not English.
/// </summary>
internal static class ThirdPerson
{
    private const string Complainant = "the complainant";

    private static readonly FrozenDictionary<string, string> Pronouns = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["i"] = Complainant,
        ["me"] = Complainant,
        ["my"] = Complainant + "'s",
        ["mine"] = Complainant + "'s",
        ["myself"] = Complainant,
        ["we"] = Complainant + " and others",
        ["us"] = Complainant + " and others",
        ["our"] = Complainant + "'s",
        ["ours"] = Complainant + "'s",
        ["i'm"] = Complainant + " is",
        ["i've"] = Complainant + " has",
        ["i'll"] = Complainant + " will",
        ["i'd"] = Complainant + " would",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> IrregularVerbs = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["am"] = "is",
        ["have"] = "has",
        ["haven't"] = "has not",
        ["do"] = "does",
        ["don't"] = "does not",
        ["go"] = "goes",
        ["study"] = "studies",
        ["identify"] = "identifies",
        ["teach"] = "teaches",
        ["wish"] = "wishes",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> RegularVerbs = (
        "work live reside run request want know own use suspect believe state say think need come stay keep sell drive feel fear apprehend hope pray "
        + "submit lodge remember understand recognise recognize report complain belong pay earn possess require seek demand remain attach enclose"
    )
        .Split(' ')
        .ToFrozenSet(StringComparer.Ordinal);

    // "Phase I" is a place, not a person.
    private static readonly FrozenSet<string> BeforeNumeral = new[]
    {
        "phase",
        "part",
        "block",
        "sector",
        "stage",
        "class",
        "type",
        "unit",
        "grade",
        "division",
        "zone",
        "ward",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static string Convert(string sentence)
    {
        if (sentence.Any(c => char.IsLetter(c) && c > '\u024F'))
        {
            return sentence;
        }
        var result = new StringBuilder(sentence.Length + 64);
        var (previous, quoted, afterI) = ("", false, false);
        for (var i = 0; i < sentence.Length; )
        {
            if (!char.IsAsciiLetter(sentence[i]))
            {
                quoted = sentence[i] switch
                {
                    '"' => !quoted,
                    '“' => true,
                    '”' => false,
                    _ => quoted,
                };
                afterI &= sentence[i] == ' ';
                result.Append(sentence[i++]);
                continue;
            }
            var end = i;
            while (
                end < sentence.Length
                && (
                    char.IsLetterOrDigit(sentence[end])
                    || (sentence[end] is '\'' or '’' && end + 1 < sentence.Length && char.IsAsciiLetter(sentence[end + 1]))
                )
            )
            {
                end++;
            }
            var word = sentence[i..end];
            result.Append(quoted ? word : Word(sentence, word, i, end, previous, afterI));
            afterI = !quoted && word == "I" && !BeforeNumeral.Contains(previous);
            previous = word.ToLowerInvariant();
            i = end;
        }
        return result.ToString();
    }

    private static string Word(string sentence, string word, int start, int end, string previous, bool afterI)
    {
        var key = word.ToLowerInvariant().Replace('’', '\'');
        var isPartOfLarger =
            start > 0 && sentence[start - 1] is '@' or '.' or '/' or '-' or '_'
            || end < sentence.Length && sentence[end] is '@' or '/' or '_';
        if (isPartOfLarger || (word == "I" && BeforeNumeral.Contains(previous)) || word is "US" or "ME")
        {
            return word;
        }
        if (Pronouns.TryGetValue(key, out var noun))
        {
            return start == 0 ? char.ToUpperInvariant(noun[0]) + noun[1..] : noun;
        }
        return !afterI ? word
            : IrregularVerbs.TryGetValue(key, out var verb) ? verb
            : RegularVerbs.Contains(word) ? word + "s"
            : word;
    }
}
