using System.Text.RegularExpressions;
using static AfirGen.Api.Drafting.Facts.Patterns;

namespace AfirGen.Api.Drafting.Facts;

/// <summary>What was taken, paid or damaged: items 9 and 10 of the form.</summary>
internal static class PropertyFacts
{
    private const int LongestDescription = 180;

    private static readonly Regex Thing = Compile(
        $@"(?<own>\b(my|our|his|her|the|a|an|one|two|some|black|red|blue|white|silver|grey)[ ])*(?<lead>([\p{{L}}0-9.-]+[ ]){{0,3}})(?<thing>\b(motorcycle|motor cycle|motorbike|bike|scooter|scooty|car|auto rickshaw|autorickshaw|e-rickshaw|truck|tractor|bicycle|cycle|mobile phone|smart ?phone|mobile|phone|laptop|tablet|television|camera|(gold|silver)[ ]([a-z]+[ ]){{0,2}}(chain|ring|rings|bangle|bangles|earrings|necklace|mangalsutra|ornaments|jewellery|coins?|anklets?)|mangalsutra|jewellery|ornaments|necklace|wallet|purse|handbag|bag|wrist ?watch|watch|cash|atm card|debit card|credit card|cow|buffalo|goat|spectacles)\b)"
    );

    private static readonly Regex Loss = Compile(
        @"\b(stole|stolen|theft|missing|snatch\w*|robbed|looted|took away|taken away|taken|took|ran away with|fled with|lost|damaged|broke|broken|smashed|burnt|misappropriated|not (found|there)|could not find|gone)\b"
    );

    private static readonly Regex Taking = Compile(
        @"\b(stole|stolen|theft|missing|snatch\w*|robb\w*|loot\w*|took away|taken away|ran away with|fled with|burgl\w*|smashed|damaged)\b"
    );
    private static readonly Regex Payment = Compile(
        @"\b(debited|deducted|transferred|paid|pay|sent|withdrawn|withdrew|deposited|cheated|defrauded|duped|lost|gave|given|siphoned|invested)\b"
    );
    private static readonly Regex NotPaid = Compile(
        @"\b(salary|balance|demand\w*|refund|reward|cashback|worth|valued?|costing|price|threatened|limit)\b[^.]*$"
    );
    private static readonly Regex Sum = Compile(@"\b(total|totalling|in all|altogether|sum of all)\b[^.]*$");
    private static readonly Regex ValueLead = Compile(
        @"\b(worth|valued at|valued|value|costing|cost|price|priced)\b([ ](of|is|about|around|approximately|approx|at|was|nearly))*\.?[ ]*$"
    );
    private static readonly Regex End = Compile(
        @"(;|\n|[ ,]+(was|were|is|had|has|have|from|when|which|that|who|and|near|at|outside|in|on|by|to|but|while|so|I|he|they|with)[ ]|\.[ ]|\.$)"
    );
    private static readonly Regex AccusedUse = Compile(
        @"\b(came|come|arrived|riding|escaped|fled|drove|driving|hit|on a|on an|accused'?s?)\b[^.]*$"
    );

    public static IReadOnlyList<PropertyItem> Read(IReadOnlyList<string> sentences, string text)
    {
        var items = new List<PropertyItem>();
        var taking = Taking.IsMatch(text);
        foreach (var sentence in sentences)
        {
            var amounts = Rupees.In(sentence).ToList();
            items.AddRange(Things(sentence, taking, amounts));
            items.AddRange(Money(sentence, amounts, items));
        }
        return [.. items.DistinctBy(i => i.Description.ToLowerInvariant()).Take(40)];
    }

    private static List<PropertyItem> Things(string sentence, bool taking, List<(Match Match, decimal Value)> amounts)
    {
        var found = new List<PropertyItem>();
        if (!taking)
        {
            return found;
        }
        var loss = Loss.IsMatch(sentence);
        var things = Thing.Matches(sentence).ToList();
        for (var n = 0; n < things.Count; n++)
        {
            var thing = things[n].Groups["thing"];
            var own = things[n].Groups["own"].Captures.Any(c => c.Value.Trim().ToLowerInvariant() is "my" or "our");
            if ((!own && !loss) || (!own && AccusedUse.IsMatch(sentence.Before(thing.Index, 40))))
            {
                continue;
            }
            var start = things[n].Index + (things[n].Groups["own"].Captures.FirstOrDefault()?.Length ?? 0);
            var tail = sentence.After(thing.Index + thing.Length, LongestDescription);
            var end = End.Match(tail);
            var stop = thing.Index + thing.Length + (end.Success ? end.Index : tail.Length);
            var next = n + 1 < things.Count ? things[n + 1].Index : sentence.Length;
            var description = sentence[
                start..Math.Min(Math.Max(stop, thing.Index + thing.Length), Math.Max(next, thing.Index + thing.Length))
            ]
                .Trim(' ', ',', '.');

            // "my mobile number" and "phone call" are not property.
            var after = sentence.After(thing.Index + thing.Length, 10).TrimStart();
            if (
                after.StartsWith("number", StringComparison.OrdinalIgnoreCase)
                || after.StartsWith("no", StringComparison.OrdinalIgnoreCase)
                || after.StartsWith("call", StringComparison.OrdinalIgnoreCase)
            )
            {
                continue;
            }
            var value = amounts
                .Where(a => a.Match.Index > thing.Index && a.Match.Index < next && IsValue(sentence, a.Match, thing))
                .Select(a => (decimal?)a.Value)
                .FirstOrDefault();
            if (description.Contains(' ', StringComparison.Ordinal) || value is not null || loss)
            {
                if (!found.Any(f => f.Description.Contains(thing.Value, StringComparison.OrdinalIgnoreCase)))
                {
                    found.Add(new PropertyItem(description, value));
                }
            }
        }
        return found;
    }

    // "worth Rs 45,000" gives a value; "cash of Rs 5,000" and "Rs 5,000 in cash" are their own value.
    private static bool IsValue(string sentence, Match amount, Group thing) =>
        ValueLead.IsMatch(sentence.Before(amount.Index, 40))
        || (thing.Value.Equals("cash", StringComparison.OrdinalIgnoreCase) && amount.Index - (thing.Index + thing.Length) < 15);

    private static List<PropertyItem> Money(string sentence, List<(Match Match, decimal Value)> amounts, List<PropertyItem> known)
    {
        var found = new List<PropertyItem>();
        if (!Payment.IsMatch(sentence))
        {
            return found;
        }
        foreach (var (match, value) in amounts)
        {
            var before = sentence.Before(match.Index, 60);
            var counted = known.Concat(found).Any(i => i.Rupees == value);
            if (!counted && !Sum.IsMatch(before) && !NotPaid.IsMatch(before))
            {
                found.Add(new PropertyItem($"Money, {Rupees.Format(value)}", value));
            }
        }
        return found;
    }
}
