using System.Collections.Frozen;

namespace AfirGen.Api.Drafting.Facts;

/// <summary>Splits text of any script into sentences, in one pass. Joined again, the sentences are the text without the space between them.</summary>
internal static class Sentences
{
    private static readonly FrozenSet<string> Abbreviations = new[]
    {
        "rs",
        "mr",
        "mrs",
        "ms",
        "dr",
        "sh",
        "shri",
        "smt",
        "km",
        "md",
        "mohd",
        "no",
        "nos",
        "st",
        "rd",
        "s/o",
        "d/o",
        "w/o",
        "r/o",
        "c/o",
        "h.no",
        "p.s",
        "p.o",
        "dist",
        "distt",
        "teh",
        "vill",
        "reg",
        "regd",
        "regn",
        "approx",
        "i.e",
        "e.g",
        "viz",
        "vs",
        "col",
        "capt",
        "adv",
        "prof",
        "sec",
        "mob",
        "ph",
        "tel",
        "a/c",
        "ac",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "opp",
        "nr",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static List<string> Of(string text)
    {
        var sentences = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var end = text[i] switch
            {
                '\n' => true,
                '।' or '॥' or '。' => true,
                '!' or '?' => true,
                '.' => EndsSentence(text, start, i),
                _ => false,
            };
            if (!end)
            {
                continue;
            }
            // Closing quotes and repeated marks belong to the sentence that they close.
            while (i + 1 < text.Length && text[i + 1] is '.' or '!' or '?' or '।' or '"' or '”' or '’' or ')')
            {
                i++;
            }
            Add(text[start..(i + 1)]);
            start = i + 1;
        }
        Add(text[start..]);
        return sentences;

        void Add(string sentence)
        {
            var trimmed = sentence.Trim();
            if (trimmed.Length > 0)
            {
                sentences.Add(trimmed);
            }
        }
    }

    // A dot ends a sentence before white space or at the end of the text, unless it closes an abbreviation or an initial.
    private static bool EndsSentence(string text, int start, int dot)
    {
        if (dot + 1 < text.Length && !char.IsWhiteSpace(text[dot + 1]) && text[dot + 1] is not ('"' or '”' or '’' or ')'))
        {
            return false;
        }
        var wordStart = dot;
        while (
            wordStart > start
            && dot - wordStart < 12
            && !char.IsWhiteSpace(text[wordStart - 1])
            && text[wordStart - 1] is not ('(' or ',' or '"')
        )
        {
            wordStart--;
        }
        var word = text[wordStart..dot];
        if (word.Length == 1 && char.IsUpper(word[0]))
        {
            return false;
        }
        if (word is "a.m" or "p.m" or "A.M" or "P.M")
        {
            return StartsUpper(text, dot + 1);
        }
        return !Abbreviations.Contains(word) || NothingFollows(text, dot + 1);
    }

    private static bool NothingFollows(string text, int index)
    {
        while (index < text.Length && text[index] is ' ' or '\t' or '\r')
        {
            index++;
        }
        return index >= text.Length || text[index] == '\n';
    }

    private static bool StartsUpper(string text, int index)
    {
        while (index < text.Length && text[index] is ' ' or '\t' or '\r')
        {
            index++;
        }
        return index >= text.Length || text[index] == '\n' || char.IsUpper(text[index]);
    }
}
