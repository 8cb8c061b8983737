using System.Text;
using AfirGen.Api.Drafting.Facts;
using AfirGen.Api.Drafting.Form;

namespace AfirGen.Api.Drafting.Models;

/// <summary>The narrative of the FIR: who states it, every sentence of the complaint in the third person, every fact.</summary>
internal static class TemplateNarrative
{
    /// <summary>They stand in the opening sentence.</summary>
    private static readonly string[] OpeningKeys =
    [
        FieldKeys.ComplainantName,
        FieldKeys.RelativeName,
        FieldKeys.BirthOrAge,
        FieldKeys.Occupation,
        FieldKeys.ComplainantAddress,
        FieldKeys.Phone,
    ];

    public static string Write(DraftingInput input)
    {
        var facts = FactExtractor.Extract(input);
        var corrections = OfficerNotes.Corrections(input.Notes);
        var narrative = new StringBuilder(Opening(key => Value(key)));

        // Paragraphs stay paragraphs.
        foreach (var line in (input.Transcript ?? input.OriginalText).Split('\n'))
        {
            var sentences = Sentences.Of(line);
            narrative.Append(sentences.Count == 0 ? "" : "\n").AppendJoin(' ', sentences.Select(ThirdPerson.Convert));
        }

        var particulars = FirForm
            .Fields.Where(f => f.Source == FieldSource.Complaint && !OpeningKeys.Contains(f.Key))
            .Select(f => (f.Label, Value: Value(f.Key)))
            .Where(f => f.Value is not null)
            .ToList();
        if (particulars.Count > 0)
        {
            narrative.Append("\n\nParticulars stated:");
            foreach (var (label, value) in particulars)
            {
                narrative.Append(value!.Contains('\n') ? $"\n{label}:\n{value}" : $"\n{label}: {value}");
            }
        }
        foreach (var remark in OfficerNotes.Remarks(input.Notes, ReviewStep.FirNarrativeReview))
        {
            narrative.Append("\n\nAdded by the officer:\n").Append(remark);
        }
        return narrative.ToString();

        string? Value(string key)
        {
            var corrected = corrections.GetValueOrDefault(key);
            var value =
                corrected == FirForm.NotRecorded
                    ? null
                    : key switch
                    {
                        FieldKeys.Property => PropertyValue.Items(facts, corrected),
                        FieldKeys.PropertyTotal => PropertyValue.Total(facts, corrections.GetValueOrDefault(FieldKeys.Property), corrected),
                        FieldKeys.OccurrenceDay when corrected is null && corrections.ContainsKey(FieldKeys.DateFrom) => null,
                        _ => corrected ?? facts[key],
                    };
            return string.IsNullOrWhiteSpace(value) ? null : value;
        }
    }

    private static string Opening(Func<string, string?> value)
    {
        var who = new List<string> { "The complainant" };
        if (value(FieldKeys.ComplainantName) is { } name)
        {
            who.Add(name);
        }
        if (value(FieldKeys.RelativeName) is { } relative)
        {
            who.Add(relative);
        }
        if (value(FieldKeys.BirthOrAge) is { } age)
        {
            who.Add(age.StartsWith("aged", StringComparison.OrdinalIgnoreCase) ? age : $"born {age}");
        }
        if (value(FieldKeys.Occupation) is { } occupation)
        {
            who.Add($"occupation {occupation}");
        }
        if (value(FieldKeys.ComplainantAddress) is { } address)
        {
            who.Add($"r/o {OneLine(address)}");
        }
        if (value(FieldKeys.Phone) is { } phone)
        {
            who.Add($"telephone {phone}");
        }
        return string.Join(", ", who) + (who.Count > 1 ? ", states that:" : " states that:");
    }

    /// <summary>An address of several lines, within a sentence.</summary>
    private static string OneLine(string value) =>
        string.Join(
            ", ",
            value
                .Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => line.TrimEnd(',', ' '))
                .Where(line => line.Length > 0)
        );
}
