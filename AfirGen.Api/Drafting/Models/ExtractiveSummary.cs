using System.Globalization;
using System.Text.RegularExpressions;
using AfirGen.Api.Drafting.Facts;
using AfirGen.Api.Drafting.Statutes;

namespace AfirGen.Api.Drafting.Models;

/// <summary>Picks the two sentences that say most about what happened.</summary>
internal static class ExtractiveSummary
{
    private const int LongestSentence = 400;

    /// <summary>Beyond this, later sentences repeat the earlier ones; it also bounds the work.</summary>
    private const int MostSentences = 200;

    private static readonly Regex Formality = Patterns.Compile(
        @"^(to\b|the (sho|station house officer|inspector|officer in charge|police inspector)|sub(ject)?[ ]*[:.-]|respected|dear|sir|madam|yours|thank|kindly|please|i request|it is requested|date[ ]*:|place[ ]*:|my name is|name[ ]*:|through)"
    );

    private static readonly Regex When = Patterns.Compile($@"\b({Patterns.Date}|{Patterns.ClockTime}|yesterday|last night|today)\b");

    public static string Of(string text, StatuteIndex statutes)
    {
        var sentences = Sentences.Of(text);
        if (sentences.Count == 0)
        {
            return text.Trim();
        }
        var chosen = sentences
            .Take(MostSentences)
            .Select((sentence, index) => (sentence, index, Score: Score(sentence, index, statutes)))
            .OrderByDescending(s => s.Score)
            .ThenBy(s => s.index)
            .Take(2)
            .OrderBy(s => s.index);
        return string.Join(' ', chosen.Select(s => Shortened(s.sentence)));
    }

    private static double Score(string sentence, int index, StatuteIndex statutes)
    {
        if (Formality.IsMatch(sentence))
        {
            return -1 - index;
        }
        var start = sentence.Length > LongestSentence ? sentence[..LongestSentence] : sentence;
        var offence = statutes.Search(start, limit: 3).SelectMany(f => f.MatchedTerms).Distinct().Count();
        return (2.0 * Math.Min(offence, 4)) + (When.IsMatch(start) ? 2 : 0) + (Rupees.In(start).Any() ? 1 : 0) - (index * 0.05);
    }

    // Cut between words, or where a script has none, between grapheme clusters: an emoji sequence is never torn.
    private static string Shortened(string sentence)
    {
        if (sentence.Length <= LongestSentence)
        {
            return sentence;
        }
        var space = sentence.LastIndexOf(' ', LongestSentence);
        if (space > LongestSentence / 2)
        {
            return sentence[..space] + " …";
        }
        var end = 0;
        while (
            end < sentence.Length
            && StringInfo.GetNextTextElementLength(sentence, end) is var length
            && (end == 0 || end + length <= LongestSentence)
        )
        {
            end += length;
        }
        return end >= sentence.Length ? sentence : sentence[..end] + "…";
    }
}
