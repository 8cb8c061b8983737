using System.Globalization;
using System.Text.RegularExpressions;

namespace AfirGen.Api.Drafting.Statutes;

/// <param name="Number">1 to 358.</param>
/// <param name="Keywords">Words and phrases that a complaint uses for this offence; empty for definitions and general sections.</param>
internal sealed record Statute(int Number, string Title, IReadOnlyList<string> Keywords);

/// <summary>
/// One row of the First Schedule of the BNSS. A section may have several. The file's last column names what was corrected after import,
/// against independent sources or in its wording; the other rows are as imported and want checking against the Gazette before use in a station.
/// </summary>
internal sealed record ScheduleRow(string Section, string Cognizable, string Bailable, string Court, string Punishment, string Condition);

/// <summary>The sub-section that is charged for a section: the one whose words occur in the complaint, else the one without words.</summary>
internal sealed record ChargeRow(int Section, string Charge, IReadOnlyList<string> When);

/// <summary>The Bharatiya Nyaya Sanhita, 2023: every section, and how the First Schedule of the BNSS classifies it.</summary>
internal sealed partial class StatuteTable
{
    public const int ExpectedSectionCount = 358;

    private readonly Dictionary<int, Statute> sections;
    private readonly ILookup<string, ScheduleRow> schedule;
    private readonly ILookup<int, ChargeRow> charges;

    public StatuteTable()
    {
        sections = Csv.ReadEmbedded("bns.csv", "section", "title", "keywords")
            .Select(r => new Statute(Number(r[0]), r[1], Words(r[2])))
            .ToDictionary(s => s.Number);
        schedule = Csv.ReadEmbedded(
                "bns_schedule.csv",
                "section",
                "cognizable",
                "bailable",
                "court",
                "punishment",
                "condition",
                "corrected"
            )
            .Select(r => new ScheduleRow(r[0], r[1], r[2], r[3], r[4], r[5]))
            .ToLookup(r => r.Section, StringComparer.Ordinal);
        charges = Csv.ReadEmbedded("bns_charges.csv", "section", "charge", "when")
            .Select(r => new ChargeRow(Number(r[0]), r[1], Words(r[2])))
            .ToLookup(r => r.Section);
    }

    public IReadOnlyCollection<Statute> Sections => sections.Values;

    public IEnumerable<ScheduleRow> Schedule => schedule.SelectMany(rows => rows);

    /// <summary>The sub-section to charge, for example <c>318(4)</c> for 318.</summary>
    /// <param name="occurs">Whether a word or phrase occurs in the complaint.</param>
    public string ChargeFor(int section, Func<string, bool> occurs) =>
        charges[section].FirstOrDefault(c => c.When.Any(occurs))?.Charge
        ?? charges[section].FirstOrDefault(c => c.When.Count == 0)?.Charge
        ?? section.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// Title and classification of a section as written, <c>303(2)</c> or <c>115</c>. What the table does not know stays null:
    /// an officer may cite any Act, and nothing is invented about it.
    /// </summary>
    public SectionFinding Describe(string section)
    {
        var reference = section.Trim();
        var match = Reference().Match(reference);
        if (Find(match) is not { } statute)
        {
            return new SectionFinding { Section = reference, Title = "Cited by the officer; not in the table of the BNS" };
        }
        reference = match.Groups["section"].Value.Replace(" ", "", StringComparison.Ordinal);
        var rows = schedule[reference].ToList();
        return new SectionFinding
        {
            Section = reference,
            Title = statute.Title,
            Cognizable = Joined(rows, r => r.Cognizable),
            Bailable = Joined(rows, r => r.Bailable),
            Court = Joined(rows, r => r.Court),
            Punishment = Joined(rows, r => r.Punishment),
        };
    }

    /// <summary>Whether it is a section of the BNS, as written: <c>303(2)</c> or <c>115</c>.</summary>
    public bool Knows(string section) => Find(Reference().Match(section.Trim())) is not null;

    private Statute? Find(Match reference) =>
        reference.Success ? sections.GetValueOrDefault(Number(reference.Groups["number"].Value)) : null;

    private static string? Joined(List<ScheduleRow> rows, Func<ScheduleRow, string> column)
    {
        var values = rows.GroupBy(column)
            .Select(g => (g.First().Condition is { Length: > 0 } condition ? $"if {condition}: " : "") + g.Key.TrimEnd('.'));
        return rows.Count == 0 ? null : string.Join("; or, ", values) + ".";
    }

    private static int Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var n) ? n : -1;

    private static string[] Words(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex(
        @"^(?<section>(?<number>\d{1,3})(?: ?\([0-9a-z]{1,3}\)){0,3})(?: of)?(?: the)?(?: BNS)?$",
        RegexOptions.IgnoreCase,
        200
    )]
    private static partial Regex Reference();
}
