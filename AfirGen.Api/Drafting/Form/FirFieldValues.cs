using System.Globalization;
using AfirGen.Api.Drafting.Facts;
using AfirGen.Api.Drafting.Statutes;

namespace AfirGen.Api.Drafting.Form;

/// <summary>
/// The value of every field: what the officer wrote, else what the service knows or the complaint says, else nothing.
/// There is no default for a fact (D-06).
/// </summary>
internal sealed class FirFieldValues
{
    public const string AssignedAtRegistration = "assigned at registration";

    private readonly IReadOnlyDictionary<string, string> corrections;
    private readonly FirSource source;
    private readonly StationOptions station;
    private readonly FirFacts facts;

    public FirFieldValues(FirSource source, StationOptions station, StatuteTable statutes)
    {
        this.source = source;
        this.station = station;
        facts = FactExtractor.Extract(source.Input);
        corrections = OfficerNotes.Corrections(source.Input.Notes);
        Sections = SectionNotes.Apply(source.Input.Sections, source.Input.Notes, statutes);
    }

    public IReadOnlyList<SectionFinding> Sections { get; }

    public RenderedField Of(FormField field)
    {
        var corrected = field.Correctable ? corrections.GetValueOrDefault(field.Key) : null;
        var value =
            corrected == FirForm.NotRecorded
                ? null
                : field.Key switch
                {
                    // Sections were corrected one by one; property totals are derived from what was corrected.
                    FieldKeys.Sections => string.Join(", ", Sections.Select(s => s.Section)),
                    FieldKeys.Property => PropertyValue.Items(facts, corrected),
                    FieldKeys.PropertyTotal => PropertyValue.Total(facts, CorrectedItems, corrected),
                    FieldKeys.OccurrenceDay => corrected ?? Day(),
                    _ => corrected ?? Known(field),
                };
        var recorded = !string.IsNullOrWhiteSpace(value);
        return new RenderedField(
            field.Key,
            field.Item,
            field.Label,
            recorded ? value! : FirForm.NotRecorded,
            recorded && field.Key != FieldKeys.RegistrationNumber,
            field.Mandatory
        );
    }

    private string? CorrectedItems => corrections.GetValueOrDefault(FieldKeys.Property);

    private string? Known(FormField field)
    {
        var input = source.Input;
        return field.Key switch
        {
            FieldKeys.District => station.District,
            FieldKeys.State => station.State,
            FieldKeys.PoliceStation => station.Name,
            FieldKeys.OfficerName => station.OfficerName,
            FieldKeys.OfficerRank => station.OfficerRank,
            FieldKeys.OfficerNumber => station.OfficerNumber,
            FieldKeys.Year => IndianTime.Of(source.RenderedAt).Year.ToString(CultureInfo.InvariantCulture),
            FieldKeys.FirNumber => source.FirNumber,
            FieldKeys.RegistrationNumber => AssignedAtRegistration,
            FieldKeys.FirDate => IndianTime.Format(source.RenderedAt),
            FieldKeys.InformationReceived => IndianTime.Format(input.ReceivedAt),
            FieldKeys.Acts => Sections.Any(IsBns) ? "Bharatiya Nyaya Sanhita, 2023" : null,
            FieldKeys.InformationType => input.Source switch
            {
                ComplaintSource.Image => "Written (photographed document)",
                ComplaintSource.Audio => "Oral (recording)",
                _ => "Written (text)",
            },
            FieldKeys.FirstInformation => input.OriginalText,
            FieldKeys.Summary => input.Summary,
            FieldKeys.Narrative => input.Narrative,
            _ => facts[field.Key],
        };
    }

    // The weekday follows from the date; after a correction of the date, the one in the complaint may be wrong.
    private string? Day() =>
        corrections.TryGetValue(FieldKeys.DateFrom, out var date)
            ? DateOnly.TryParseExact(date, "d/M/yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? day.DayOfWeek.ToString()
                : null
            : facts[FieldKeys.OccurrenceDay];

    private static bool IsBns(SectionFinding finding) =>
        finding.Section.Length > 0 && char.IsAsciiDigit(finding.Section[0]) && !finding.Title.StartsWith("Cited", StringComparison.Ordinal);
}
