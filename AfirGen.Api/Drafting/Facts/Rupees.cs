using System.Globalization;
using System.Text.RegularExpressions;

namespace AfirGen.Api.Drafting.Facts;

/// <summary>Amounts of money as Indian complaints write them: Rs 45,000, ₹45,000/-, 1.5 lakh.</summary>
internal static class Rupees
{
    private const string Number = @"[0-9]{1,3}(,[0-9]{2,3})+(\.[0-9]{1,2})?|[0-9]{1,10}(\.[0-9]{1,2})?";

    private static readonly Regex Amount = Patterns.Compile(
        $@"(((\brs\b\.?|\brs\.|₹|\binr\b|\brupees\b)[ ]*(?<number>{Number})[ ]*(?<unit>lakhs?|lacs?|crores?|thousand|k\b)?)|(\b(?<number2>{Number})[ ]*((?<unit2>lakhs?|lacs?|crores?|thousand)([ ]*rupees)?|rupees\b|/-)))"
    );

    public static IEnumerable<(Match Match, decimal Value)> In(string text)
    {
        foreach (Match match in Amount.Matches(text))
        {
            var digits = (match.Value("number") ?? match.Value("number2"))!.Replace(",", "", StringComparison.Ordinal);
            if (decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value > 0)
            {
                yield return (match, value * Factor(match.Value("unit") ?? match.Value("unit2")));
            }
        }
    }

    /// <summary>With Indian digit grouping: Rs 1,50,000.</summary>
    public static string Format(decimal amount)
    {
        var whole = decimal.Truncate(amount).ToString(CultureInfo.InvariantCulture);
        var grouped = whole.Length > 3 ? whole[^3..] : whole;
        for (var end = whole.Length - 3; end > 0; end -= 2)
        {
            grouped = whole[Math.Max(0, end - 2)..end] + "," + grouped;
        }
        var paise = amount - decimal.Truncate(amount);
        return paise == 0 ? $"Rs {grouped}" : $"Rs {grouped}.{(int)(paise * 100):00}";
    }

    private static decimal Factor(string? unit) =>
        unit?.ToLowerInvariant() switch
        {
            "k" or "thousand" => 1_000,
            ['l', ..] => 100_000,
            ['c', ..] => 10_000_000,
            _ => 1,
        };
}
