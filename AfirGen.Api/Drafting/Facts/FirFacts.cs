namespace AfirGen.Api.Drafting.Facts;

/// <param name="Description">In the words of the complaint.</param>
/// <param name="Rupees">Null when the complaint does not give a value.</param>
internal sealed record PropertyItem(string Description, decimal? Rupees);

/// <summary>What a complaint says about the fields of the form. A field that is absent was not found; nothing is guessed.</summary>
internal sealed class FirFacts
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Values => values;

    public IReadOnlyList<PropertyItem> Property { get; set; } = [];

    public string? this[string key] => values.GetValueOrDefault(key);

    /// <summary>Keeps the first value: what the complaint says early and plainly beats what is read out of it later.</summary>
    public void Set(string key, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            values.TryAdd(key, OneLine(value));
        }
    }

    /// <summary>Takes over what is not known yet.</summary>
    public void FillFrom(FirFacts other)
    {
        foreach (var (key, value) in other.values)
        {
            values.TryAdd(key, value);
        }
        if (Property.Count == 0)
        {
            Property = other.Property;
        }
    }

    private static string OneLine(string value) =>
        string.Join(' ', value.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries)).Trim(' ', ',', ';');
}
