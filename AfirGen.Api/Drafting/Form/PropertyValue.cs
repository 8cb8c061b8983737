using AfirGen.Api.Drafting.Facts;

namespace AfirGen.Api.Drafting.Form;

/// <summary>Items 9 and 10: the total is the sum of the items, and a total that the officer gives is checked against that sum.</summary>
internal static class PropertyValue
{
    public static string? Items(FirFacts facts, string? corrected) =>
        corrected
        ?? (
            facts.Property.Count == 0
                ? null
                : string.Join('\n', facts.Property.Select((item, n) => $"{n + 1}. {item.Description}{Value(item)}"))
        );

    public static string? Total(FirFacts facts, string? correctedItems, string? correctedTotal)
    {
        var sum = correctedItems is null ? facts.Property.Sum(i => i.Rupees ?? 0) : Rupees.In(correctedItems).Sum(a => a.Value);
        if (correctedTotal is not null)
        {
            var stated = Rupees.In(correctedTotal).Select(a => a.Value).ToList();
            return sum > 0 && stated.Count == 1 && stated[0] != sum
                ? $"{correctedTotal} (the items of 9 add up to {Rupees.Format(sum)})"
                : correctedTotal;
        }
        if (sum == 0)
        {
            return null;
        }
        var unvalued = correctedItems is null ? facts.Property.Count(i => i.Rupees is null) : 0;
        return unvalued == 0 ? Rupees.Format(sum) : $"{Rupees.Format(sum)} (without {unvalued} item(s) of no recorded value)";
    }

    // "Money, Rs 5,000" and "worth Rs 45,000" name the value already.
    private static string Value(PropertyItem item) =>
        item.Rupees is { } value
            ? Rupees.In(item.Description).Any(a => a.Value == value)
                ? ""
                : $" (value {Rupees.Format(value)})"
            : " (value not recorded)";
}
