using System.Collections.Frozen;
using System.Globalization;

namespace AfirGen.Api.Drafting.Statutes;

/// <param name="Text">Lower case; letters, digits and combining marks only, so it is safe inside a quoted FTS term.</param>
/// <param name="Position">Grows by one per word and by more over the end of a sentence, so that phrases do not reach across.</param>
internal readonly record struct ContentWord(string Text, int Position);

/// <summary>Cuts text of any script into the words that carry meaning.</summary>
internal static class ContentWords
{
    private const int SentenceGap = 8;
    private const int LongestWord = 40;

    private static readonly FrozenSet<string> StopWords = (
        "a an the and or but if of to in on at by for from with as is was were are be been being am i me my mine we us our he him his she her "
        + "they them their it its this that these those who whom which what there here so then when while also not no nor do does did done have has "
        + "had having would shall should can could may might must up out into over about after before again very just than too some any all one"
    )
        .Split(' ')
        .ToFrozenSet(StringComparer.Ordinal);

    public static List<ContentWord> Of(string text)
    {
        var words = new List<ContentWord>();
        var position = 0;
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && IsPartOfWord(text, i))
            {
                start = start < 0 ? i : start;
                continue;
            }
            if (start >= 0)
            {
                if (i - start <= LongestWord)
                {
                    var word = text[start..i].ToLowerInvariant();
                    if (!StopWords.Contains(word))
                    {
                        words.Add(new ContentWord(word, position++));
                    }
                }
                start = -1;
            }
            if (i < text.Length && text[i] is '.' or '!' or '?' or '\n' or '।' or '॥')
            {
                position += SentenceGap;
            }
        }
        return words;
    }

    // UTF-16 units above the basic plane (emoji) and the joiners inside them separate words.
    private static bool IsPartOfWord(string text, int index) =>
        char.IsLetterOrDigit(text[index])
        || char.GetUnicodeCategory(text[index]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
