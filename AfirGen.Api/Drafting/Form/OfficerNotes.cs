using AfirGen.Api.Drafting.Statutes;

namespace AfirGen.Api.Drafting.Form;

/// <summary>What the officer wrote, taken apart: corrections of fields, and remarks.</summary>
internal static class OfficerNotes
{
    /// <summary>Field key to value, the latest winning. A withdrawn value is present as <see cref="FirForm.NotRecorded"/>.</summary>
    public static IReadOnlyDictionary<string, string> Corrections(IReadOnlyList<OfficerNote> notes)
    {
        var corrections = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in notes.SelectMany(Fields))
        {
            corrections[field.Key] = field.Withdraws ? FirForm.NotRecorded : field.Value;
        }
        return corrections;
    }

    /// <summary>Of each note the lines that are neither corrections nor commands that were carried out, oldest first; none is empty.</summary>
    public static IReadOnlyList<Remark> Remarks(IReadOnlyList<OfficerNote> notes) =>
        [
            .. SectionNotes
                .Read(notes)
                .Select(note => new Remark(
                    note.Step,
                    string.Join('\n', note.Lines.Where(line => line.IsRemark).Select(line => line.Text)).Trim()
                ))
                .Where(remark => remark.Text.Length > 0),
        ];

    /// <summary>Remarks of one step.</summary>
    public static IEnumerable<string> Remarks(IReadOnlyList<OfficerNote> notes, ReviewStep step) =>
        Remarks(notes).Where(remark => remark.Step == step).Select(remark => remark.Text);

    /// <summary>All of a note for a reader: its text, then the fields that were given beside it.</summary>
    public static string Whole(OfficerNote note) =>
        string.Join('\n', (note.Fields ?? []).Select(f => $"{FirForm.Field(f.Key).Label}: {f.Value}").Prepend(note.Text)).Trim('\n');

    private static IEnumerable<FieldCorrection> Fields(OfficerNote note) =>
        note.Text.Split('\n').Select(FieldCorrection.Parse).OfType<FieldCorrection>().Concat(note.Fields ?? []);
}

/// <summary>What the officer says in words of their own; it stands in the FIR.</summary>
internal sealed record Remark(ReviewStep Step, string Text);
