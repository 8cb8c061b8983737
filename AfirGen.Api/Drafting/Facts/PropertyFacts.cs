using System.Text.RegularExpressions;
using static AfirGen.Api.Drafting.Facts.Patterns;

namespace AfirGen.Api.Drafting.Facts;

/// <summary>What was taken, paid or damaged: items 9 and 10 of the form.</summary>
internal static class PropertyFacts
{
    private const int LongestDescription = 180;
    private const int MostItems = 40;
    private const string MoneyLabel = "Money, ";

    private static readonly Regex Thing = Compile(
        @"(\b(?<own>(?i:my|our|his|her|the|a|an|one|two|some))[ ]([\p{L}0-9.-]+[ ]){0,4}|\b[0-9]{1,2}[ ]|\b(\p{Lu}[\p{L}0-9-]*[ ]){1,3}|\b)(?<thing>\b(?i:motorcycle|motor cycle|motorbike|bike|scooter|scooty|car|auto rickshaw|autorickshaw|e-rickshaw|truck|tractor|bicycle|cycle|mobile phones?|smart ?phones?|mobiles?|phones?|laptops?|tablets?|televisions?|cameras?|(gold|silver)[ ]([a-z]+[ ]){0,2}(chain|ring|rings|bangle|bangles|earrings|necklace|mangalsutra|ornaments|jewellery|coins?|anklets?)|mangalsutra|jewellery|ornaments|necklace|wallet|purse|handbag|bag|wrist ?watch|watch|cash|atm card|debit card|credit card|cow|buffalo|goat|spectacles)\b)",
        ignoreCase: false
    );

    /// <summary>Where the owner last had it: says that "my motorcycle" is the property and not the scenery.</summary>
    private static readonly Regex Left = Compile(@"\b(parked|kept|left|standing|carrying|wearing|containing|worth|valued|locked)\b");

    private static readonly Regex Subject = Compile(@"^(sub|subject)[ ]*[:.-]");

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
    private static readonly Regex Article = Compile(@"^(my|our|his|her|the|a|an|one|some)[ ]");
    private static readonly Regex NotTheThing = Compile(@"^[ ]*(number|no\b|call|calls|battery|was dead|bill|shop|stand)");
    private static readonly Regex AccusedUse = Compile(
        @"\b(came|come|arrived|riding|escaped|fled|drove|driving|hit|on a|on an|accused'?s?)\b[^.]*$"
    );

    public static IReadOnlyList<PropertyItem> Read(IReadOnlyList<string> sentences, string text)
    {
        var items = new List<PropertyItem>();
        var taking = Taking.IsMatch(text);
        foreach (var sentence in sentences.Where(s => !Subject.IsMatch(s)))
        {
            var amounts = Rupees.In(sentence).ToList();
            items.AddRange(taking ? Things(sentence, amounts) : []);
            items.AddRange(Money(sentence, amounts, items));
        }
        return [.. WithoutTotals(WithoutMentions(items)).Take(MostItems)];
    }

    private static IEnumerable<PropertyItem> Things(string sentence, List<(Match Match, decimal Value)> amounts)
    {
        var loss = Loss.IsMatch(sentence);
        var left = Left.IsMatch(sentence);
        var things = Thing.Matches(sentence).ToList();
        for (var n = 0; n < things.Count; n++)
        {
            var thing = things[n].Groups["thing"];
            var own = things[n].Groups["own"].Value.ToLowerInvariant() is "my" or "our";
            var theirs = !own && AccusedUse.IsMatch(sentence.Before(thing.Index, 40));
            var end = thing.Index + thing.Length;
            if (!(loss || (own && left)) || theirs || NotTheThing.IsMatch(sentence.After(end, 12)))
            {
                continue;
            }
            var tail = sentence.After(end, LongestDescription);
            var close = End.Match(tail);
            var next = n + 1 < things.Count ? things[n + 1].Index : sentence.Length;
            var stop = Math.Min(end + (close.Success ? close.Index : tail.Length), Math.Max(next, end));
            var value = amounts
                .Where(a => a.Match.Index > thing.Index && a.Match.Index < next && IsValue(sentence, a.Match, thing))
                .Select(a => (decimal?)a.Value)
                .FirstOrDefault();
            yield return new PropertyItem(Description(sentence[things[n].Index..stop]), value);
        }
    }

    private static string Description(string phrase)
    {
        var article = Article.Match(phrase);
        return (article.Success ? phrase[article.Length..] : phrase).Trim(' ', ',', '.');
    }

    // "the motorcycle" and "my phone" refer to the item that another sentence describes.
    private static IEnumerable<PropertyItem> WithoutMentions(List<PropertyItem> items) =>
        items
            .DistinctBy(i => i.Description.ToLowerInvariant())
            .Where(i =>
                i.Rupees is not null
                || i.Description.Contains(' ')
                || !items.Any(o => !ReferenceEquals(o, i) && Kind(o) == Kind(i) && o.Description.Length > i.Description.Length)
            )
            .Where(i => i.Rupees is not null || !items.Any(o => o.Rupees is not null && Kind(o) == Kind(i)));

    private static string Kind(PropertyItem item)
    {
        var thing = Thing.Matches(item.Description).Select(m => m.Value("thing")?.ToLowerInvariant()).FirstOrDefault();
        return thing switch
        {
            null => item.Description,
            "mobiles" or "phones" or "mobile phones" or "mobile" or "phone" or "smartphone" or "smart phone" => "mobile phone",
            "bike" or "motorbike" or "motor cycle" => "motorcycle",
            "scooty" => "scooter",
            _ => thing,
        };
    }

    // "I invested 3 lakh ... 1 lakh on the 1st and 2 lakh on the 5th" is three lakh, not six.
    private static IEnumerable<PropertyItem> WithoutTotals(IEnumerable<PropertyItem> items)
    {
        var all = items.ToList();
        var paid = all.Where(IsMoney).ToList();
        var sum = paid.Sum(i => i.Rupees);
        return paid.Count < 3 ? all : all.Where(i => !IsMoney(i) || i.Rupees * 2 != sum);
    }

    private static bool IsMoney(PropertyItem item) => item.Description.StartsWith(MoneyLabel, StringComparison.Ordinal);

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
            var thingBefore = ValueLead.IsMatch(sentence.Before(match.Index, 40));
            var counted = known.Concat(found).Any(i => i.Rupees == value);
            if (!counted && !thingBefore && !Sum.IsMatch(before) && !NotPaid.IsMatch(before))
            {
                found.Add(new PropertyItem($"{MoneyLabel}{Rupees.Format(value)}", value));
            }
        }
        return found;
    }
}
