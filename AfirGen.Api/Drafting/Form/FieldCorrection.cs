using System.Buffers;
using System.Text.Json.Serialization;

namespace AfirGen.Api.Drafting.Form;

/// <summary>The officer sets a field of the form: a line <c>Field: value</c> of a note, or a value given beside the note, with its line breaks.</summary>
internal sealed record FieldCorrection(string Key, string Value)
{
    private const int LongestName = 60;

    private static readonly HashSet<string> Withdrawn = new(StringComparer.OrdinalIgnoreCase) { FirForm.NotRecorded, "n/a", "-", "" };
    private static readonly SearchValues<char> LineBreaks = SearchValues.Create("\n\r\v\f\u0085\u2028\u2029");

    /// <summary>The officer withdraws the value: "Witnesses: not recorded" empties a field that was read wrongly.</summary>
    [JsonIgnore]
    public bool Withdraws => Withdrawn.Contains(Value.Trim().TrimEnd('.'));

    [JsonIgnore]
    public bool HasLineBreak => Value.AsSpan().ContainsAny(LineBreaks);

    /// <summary>Null when the line names no field that can be corrected: then it is free text and stays in the record as such.</summary>
    public static FieldCorrection? Parse(string line)
    {
        var colon = line.AsSpan(0, Math.Min(line.Length, LongestName)).IndexOfAny(':', '：');
        if (colon <= 0)
        {
            return null;
        }
        var value = line[(colon + 1)..].Trim();
        var field = FirForm.Find(line[..colon].Trim().TrimStart('-', '*', '•', ' '));
        return field is { Correctable: true } && value.Length > 0 ? new FieldCorrection(field.Key, value) : null;
    }
}
