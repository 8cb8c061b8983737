namespace AfirGen.Api.Drafting.Form;

/// <summary>A line <c>Field: value</c> of an officer's note.</summary>
internal sealed record FieldLine(string Key, string Value)
{
    private const int LongestName = 60;

    private static readonly HashSet<string> Withdrawn = new(StringComparer.OrdinalIgnoreCase) { FirForm.NotRecorded, "n/a", "-" };

    /// <summary>The officer withdraws the value: "Witnesses: not recorded" empties a field that was read wrongly.</summary>
    public bool Withdraws => Withdrawn.Contains(Value.TrimEnd('.'));

    /// <summary>Null when the line names no field that can be corrected: then it is free text and stays in the record as such.</summary>
    public static FieldLine? Parse(string line)
    {
        var colon = line.AsSpan(0, Math.Min(line.Length, LongestName)).IndexOfAny(':', '：');
        if (colon <= 0)
        {
            return null;
        }
        var value = line[(colon + 1)..].Trim();
        var field = FirForm.Find(line[..colon].Trim().TrimStart('-', '*', '•', ' '));
        return field is { Correctable: true } && value.Length > 0 ? new FieldLine(field.Key, value) : null;
    }
}
