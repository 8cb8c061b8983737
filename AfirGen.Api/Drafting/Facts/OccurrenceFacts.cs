using System.Globalization;
using System.Text.RegularExpressions;
using AfirGen.Api.Drafting.Form;
using static AfirGen.Api.Drafting.Facts.Patterns;

namespace AfirGen.Api.Drafting.Facts;

/// <summary>When and where it happened, and why it was not reported at once: items 3a, 5 and 8 of the form.</summary>
internal static class OccurrenceFacts
{
    private static readonly Regex DateRange = Compile($@"\b(from|between)[ ]+(?<from>{Date})[ ]+(to|and|till|until)[ ]+(?<to>{Date})\b");
    private static readonly Regex AnyDate = Compile($@"\b(?<date>{Date})\b");
    private static readonly Regex OtherDate = Compile(
        @"\b(born|birth|dob|d\.o\.b|purchased|bought|invoice|bill|registered|since|married|marriage|licence|license|issued|valid|expiry|employed|joined|date)\b[^.\n]*$"
    );
    private static readonly Regex RelativeDay = Compile(
        @"\b(?<day>day before yesterday|yesterday|last night|today|this morning|this evening|this afternoon|tonight)\b"
    );

    private static readonly Regex TimeRange = Compile(
        $@"\b(between|from)[ ]+(about[ ]+)?(?<from>{ClockTime}|[01]?[0-9](:[0-5][0-9])?)[ ]*(to|and|till|until|-)[ ]*(?<to>{ClockTime})"
    );

    private static readonly Regex AnyTime = Compile($@"\b(?<time>((about|around|approximately|at)[ ]+)*{ClockTime})");

    private static readonly Regex StatedPlace = Compile(
        @"\bplace of (occurrence|incident|offence)[ ]*(is|was|:|-)[ ]*(?<place>[^.;\n]{3,150})"
    );

    private static readonly Regex AnyPlace = Compile(
        @"\b(?<place>(?i:near|at|outside|opposite|in front of|behind|inside|in|on)[ ]+([^ ,.;:\n]+[ ,]+){0,7}(?i:market|bazaar|bazar|mandi|chowk|road|marg|street|lane|gali|park|mall|metro station|railway station|bus stand|bus stop|station|colony|nagar|vihar|enclave|sector|temple|mandir|mosque|masjid|gurudwara|church|hospital|school|college|bank|atm|hotel|restaurant|dhaba|shop|complex|parking|crossing|circle|bridge|flyover|village|field|ground|stadium|petrol pump|toll plaza|highway|apartment|apartments|society|office|factory|gate|theatre|cinema)\b([ ](no\.?[ ]?)?[0-9]{1,4})?(,[ ]\p{Lu}[\p{L}]+([ ]\p{Lu}[\p{L}]+)?([ ][0-9]{1,4})?){0,3})",
        ignoreCase: false
    );

    private static readonly Regex NotAPlaceOfOccurrence = Compile(
        @"\b(work|working|works|employed|posted|resid[a-z]*|resident of|live|lives|living|stay|staying|study|studying|account|branch|student|teacher|r/o|shop of|report|lodged|admitted|treated|treatment|treated)\b[^.]*$"
    );
    private static readonly Regex ClauseInPlace = Compile(
        @"\b(when|while|I|my|he|she|they|was|were|and|with|which|that|about|around)\b|[0-9][:.]?[0-9]*[ ]?(am|pm)\b",
        ignoreCase: false
    );
    private static readonly Regex Delay = Compile(
        @"\bdelay|\b(could not|couldn't|did not|didn't|unable to)[ ]([a-z]+[ ]){0,3}(report|lodge|file|complain|come|inform)\b|\breport(ed|ing)? late\b|\blate (report|complaint)"
    );
    private static readonly Regex Cause = Compile(@"\b(because|due to|as|since|reason|owing to|delay)\b");

    public static void Read(IReadOnlyList<string> sentences, string text, DateTimeOffset receivedAt, FirFacts facts)
    {
        ReadDates(text, IndianTime.DateOf(receivedAt), facts);

        // The sentence that dates the offence also says best at what time and where it was.
        var ordered = sentences.OrderByDescending(s => AnyDate.IsMatch(s) || RelativeDay.IsMatch(s)).ToList();
        ReadTimes(ordered, facts);

        facts.Set(FieldKeys.Place, StatedPlace.Match(text).Value("place") ?? ordered.Select(PlaceIn).FirstOrDefault(p => p is not null));
        facts.Set(FieldKeys.DelayReason, sentences.FirstOrDefault(s => s.Length < 500 && Delay.IsMatch(s) && Cause.IsMatch(s)));
    }

    private static void ReadDates(string text, DateOnly today, FirFacts facts)
    {
        DateOnly? from = null;
        DateOnly? to = null;
        if (DateRange.Match(text) is { Success: true } range)
        {
            from = Parse(range.Groups["from"].Value, today);
            to = Parse(range.Groups["to"].Value, today);
        }
        from ??= AnyDate
            .Matches(text)
            .Where(m => !OtherDate.IsMatch(text.Before(m.Index, 40)))
            .Select(m => Parse(m.Groups["date"].Value, today))
            .FirstOrDefault(d => d is not null);
        from ??= RelativeDay.Match(text).Value("day")?.ToLowerInvariant() switch
        {
            "day before yesterday" => today.AddDays(-2),
            "yesterday" or "last night" => today.AddDays(-1),
            null => null,
            _ => today,
        };
        if (from is not { } first)
        {
            return;
        }
        facts.Set(FieldKeys.DateFrom, IndianTime.Format(first));
        facts.Set(FieldKeys.OccurrenceDay, first.DayOfWeek.ToString());
        if (to is { } last && last >= first)
        {
            facts.Set(FieldKeys.DateTo, IndianTime.Format(last));
        }
    }

    private static void ReadTimes(IReadOnlyList<string> sentences, FirFacts facts)
    {
        foreach (var sentence in sentences)
        {
            var range = TimeRange.Match(sentence);
            if (range.Success)
            {
                facts.Set(FieldKeys.TimeFrom, WithMeridiem(range.Groups["from"].Value, range.Groups["to"].Value));
                facts.Set(FieldKeys.TimeTo, range.Groups["to"].Value);
                return;
            }
            var time = AnyTime.Matches(sentence).FirstOrDefault(m => !IsPartOfNumber(sentence, m));
            if (time is not null)
            {
                facts.Set(
                    FieldKeys.TimeFrom,
                    time.Value.StartsWith("at ", StringComparison.OrdinalIgnoreCase) ? time.Value[3..] : time.Value
                );
                return;
            }
        }
    }

    // "Rs 12.50" and "15.10.2026" contain what looks like a time.
    private static bool IsPartOfNumber(string text, Match match)
    {
        var next = match.Index + match.Length;
        var follows =
            next < text.Length
            && (
                char.IsAsciiDigit(text[next])
                || text[next] is '.' or '/' or ',' && next + 1 < text.Length && char.IsAsciiDigit(text[next + 1])
            );
        var before = text.Before(match.Index, 5);
        var dotted =
            match.Value.Contains('.', StringComparison.Ordinal)
            && !match.Value.Contains('m', StringComparison.OrdinalIgnoreCase)
            && !match.Value.Contains('h', StringComparison.OrdinalIgnoreCase);
        return follows
            || dotted
            || before.Contains('₹', StringComparison.Ordinal)
            || before.Contains("Rs", StringComparison.OrdinalIgnoreCase)
            || (before.Length > 0 && before[^1] is '.' or '/' or ',' or '-' or '₹');
    }

    private static string WithMeridiem(string from, string to) =>
        from.All(c => char.IsAsciiDigit(c) || c == ':')
        && to.TrimEnd('.') is { Length: > 2 } end
        && end.EndsWith('m')
        && !from.Contains('m')
            ? $"{from} {new string([.. to.SkipWhile(c => !char.IsAsciiLetter(c))])}"
            : from;

    private static string? PlaceIn(string sentence)
    {
        foreach (Match match in AnyPlace.Matches(sentence))
        {
            var place = match.Value("place")!;
            var tail = place[(place.IndexOf(' ', StringComparison.Ordinal) + 1)..];
            // A place is a name: it has a capital letter, and no clause or clock time inside.
            if (!ClauseInPlace.IsMatch(tail) && tail.Any(char.IsUpper) && !NotAPlaceOfOccurrence.IsMatch(sentence.Before(match.Index, 60)))
            {
                return place;
            }
        }
        return null;
    }

    private static readonly string[] NumericForms = ["d/M/yyyy", "d/M/yy"];
    private static readonly string[] WrittenForms = ["d MMMM yyyy", "d MMM yyyy", "MMMM d yyyy"];

    // A date that does not exist, or that lies in the future, was misread: leave it out.
    private static DateOnly? Parse(string text, DateOnly today)
    {
        var numeric = text.Replace('.', '/').Replace('-', '/');
        if (DateOnly.TryParseExact(numeric, NumericForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return Plausible(date, today);
        }
        var words = text.Split([' ', ',', '.'], StringSplitOptions.RemoveEmptyEntries)
            .Where(w => !w.Equals("of", StringComparison.OrdinalIgnoreCase))
            .Select(w => char.IsAsciiDigit(w[0]) && char.IsAsciiLetter(w[^1]) ? w[..^2] : w)
            .Select(w => w.Equals("Sept", StringComparison.OrdinalIgnoreCase) ? "Sep" : w)
            .ToList();
        var yearless = words.Count == 2;
        if (yearless)
        {
            words.Add(today.Year.ToString(CultureInfo.InvariantCulture));
        }
        if (!DateOnly.TryParseExact(string.Join(' ', words), WrittenForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out date))
        {
            return null;
        }
        return Plausible(yearless && date > today ? date.AddYears(-1) : date, today);
    }

    private static DateOnly? Plausible(DateOnly date, DateOnly today) => date <= today && date.Year > 1950 ? date : null;
}
