using AfirGen.Api.Drafting.Statutes;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Drafting.Form;

/// <summary>
/// Prints the form I.I.F.-I as plain text. What the complainant, the officer and the models wrote is printed verbatim and
/// never wrapped, indented or cut (D-05, D-08); escaping belongs to whoever shows the text.
/// </summary>
internal sealed class FirRenderer(IOptions<StationOptions> station, StatuteTable statutes) : IFirRenderer
{
    private const int Width = 90;
    private const int LabelWidth = 34;

    /// <summary>These are printed as blocks below their item, not as lines in it.</summary>
    private static readonly HashSet<string> Blocks = [FieldKeys.FirstInformation, FieldKeys.Summary, FieldKeys.Narrative];

    public RenderedFir Render(FirSource source)
    {
        var values = new FirFieldValues(source, station.Value, statutes);
        var fields = FirForm.Fields.Select(values.Of).ToList();
        var byItem = FirForm.Fields.Zip(fields).ToLookup(pair => ItemNumber(pair.First));

        using var page = new StringWriter { NewLine = "\n" };
        page.WriteLine("FIRST INFORMATION REPORT");
        page.WriteLine("(Under Section 173 B.N.S.S.)");
        page.WriteLine("Form I.I.F.-I");
        foreach (var item in FirForm.Items)
        {
            page.WriteLine();
            page.WriteLine(new string('-', Width));
            page.WriteLine($"{item.Number}. {item.Title}");
            page.WriteLine();
            foreach (var (field, rendered) in byItem[item.Number].Where(pair => !Blocks.Contains(pair.First.Key)))
            {
                Line(page, field, rendered);
            }
            if (item.Number == 2)
            {
                SectionDetails(page, values.Sections);
            }
            if (item.Number == 12)
            {
                Contents(page, source.Input, fields);
            }
        }
        page.WriteLine();
        page.WriteLine(new string('-', Width));
        page.WriteLine("End of the First Information Report");
        return new RenderedFir(page.ToString(), fields);
    }

    private static void Line(StringWriter page, FormField field, RenderedField rendered)
    {
        // A Roman-lettered part of an item is named, as on the printed form: "(3a) Date of occurrence (from)".
        var label = field.Item.Length > 0 && char.IsAsciiLetter(field.Item[^1]) ? $"({field.Item}) {field.Label}" : field.Label;
        if (rendered.Value.Contains('\n'))
        {
            page.WriteLine($"{label}:");
            page.WriteLine(rendered.Value);
        }
        else
        {
            page.WriteLine($"{label}:".PadRight(LabelWidth) + " " + rendered.Value);
        }
    }

    private static void SectionDetails(StringWriter page, IReadOnlyList<SectionFinding> sections)
    {
        foreach (var (section, n) in sections.Select((s, n) => (s, n + 1)))
        {
            page.WriteLine();
            page.WriteLine($"({n}) Section {section.Section}: {section.Title}");
            if (!section.Checked)
            {
                page.WriteLine("    Check:       not checked");
            }
            page.WriteLine($"    Cognizable:  {section.Cognizable ?? FirForm.NotRecorded}");
            page.WriteLine($"    Bailable:    {section.Bailable ?? FirForm.NotRecorded}");
            page.WriteLine($"    Court:       {section.Court ?? FirForm.NotRecorded}");
            page.WriteLine($"    Punishment:  {section.Punishment ?? FirForm.NotRecorded}");
        }
    }

    private static void Contents(StringWriter page, DraftingInput input, List<RenderedField> fields)
    {
        Block(page, "Complaint as received", input.OriginalText);
        Block(page, "Transcript", input.Transcript);
        Block(page, "Summary", input.Summary);
        Corrected(page, fields, FieldKeys.Summary, input.Summary);
        Block(page, "Narrative", input.Narrative);
        Corrected(page, fields, FieldKeys.Narrative, input.Narrative);

        foreach (var (remark, n) in OfficerNotes.Remarks(input.Notes).Select((r, n) => (r, n + 1)))
        {
            Block(page, $"Officer's remark {n} ({StepName(remark.Step)})", remark.Text);
        }
    }

    // The approved artefact stays in the record; what the officer set instead stands beside it.
    private static void Corrected(StringWriter page, List<RenderedField> fields, string key, string? approved)
    {
        var field = fields.First(f => f.Key == key);
        if (field.Recorded && field.Value != approved)
        {
            Block(page, $"{field.Label}, as corrected by the officer", field.Value);
        }
    }

    private static void Block(StringWriter page, string title, string? text)
    {
        page.WriteLine();
        page.WriteLine($"--- {title} ".PadRight(Width, '-'));
        page.WriteLine(text ?? FirForm.NotRecorded);
        page.WriteLine($"--- end of: {title} ".PadRight(Width, '-'));
    }

    private static string StepName(ReviewStep step) =>
        step switch
        {
            ReviewStep.TranscriptReview => "transcript",
            ReviewStep.SummaryReview => "summary",
            ReviewStep.ViolationsReview => "sections",
            ReviewStep.FirNarrativeReview => "narrative",
            _ => "final review",
        };

    private static int ItemNumber(FormField field) =>
        int.Parse(field.Item.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyz"), System.Globalization.CultureInfo.InvariantCulture);
}
