using AfirGen.Api.Drafting.Statutes;

namespace AfirGen.Api.Drafting.Form;

/// <summary>What the officer wrote, taken apart: corrections of fields, and free text.</summary>
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

    /// <summary>The lines of a note that are neither corrections nor commands that were carried out; empty when there is none.</summary>
    public static string FreeText(OfficerNote note) =>
        string.Join(
                '\n',
                Lines(note.Text).Where(line => FieldCorrection.Parse(line) is null && !SectionNotes.IsCarriedOut(line, note.Step))
            )
            .Trim();

    /// <summary>Free text of one step, oldest first.</summary>
    public static IReadOnlyList<string> FreeTexts(IReadOnlyList<OfficerNote> notes, ReviewStep step) =>
        [.. notes.Where(n => n.Step == step).Select(FreeText).Where(text => text.Length > 0)];

    /// <summary>All of a note for a reader: its text, then the fields that were given beside it.</summary>
    public static string Whole(OfficerNote note) =>
        string.Join('\n', (note.Fields ?? []).Select(f => $"{FirForm.Field(f.Key).Label}: {f.Value}").Prepend(note.Text)).Trim('\n');

    private static IEnumerable<FieldCorrection> Fields(OfficerNote note) =>
        Lines(note.Text).Select(FieldCorrection.Parse).OfType<FieldCorrection>().Concat(note.Fields ?? []);

    private static string[] Lines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
}
