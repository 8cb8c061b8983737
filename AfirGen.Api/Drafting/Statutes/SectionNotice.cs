namespace AfirGen.Api.Drafting.Statutes;

/// <summary>What the officer must know about the sections that were found and named.</summary>
internal static class SectionNotice
{
    private const int LongestQuote = 60;
    private const int MostQuotes = 5;

    /// <param name="findings">With the notes applied.</param>
    /// <returns>Null when there is nothing to say.</returns>
    public static string? Of(IReadOnlyList<SectionFinding> findings, IReadOnlyList<OfficerNote> notes, StatuteTable table)
    {
        return Joined([Unknown(findings, table), .. OfLast(notes, ReviewStep.ViolationsReview), Empty(findings)]);
    }

    /// <summary>What of the last note, when it was given at <paramref name="step"/>, was not carried out; null when all of it was.</summary>
    public static string? OfNote(IReadOnlyList<OfficerNote> notes, ReviewStep step) => Joined(OfLast(notes, step));

    private static string? Joined(string?[] parts) => parts.Any(part => part is not null) ? string.Join(' ', parts.OfType<string>()) : null;

    private static string? Unknown(IReadOnlyList<SectionFinding> findings, StatuteTable table)
    {
        // "66D of the IT Act" is of another Act, which no table here knows.
        var unknown = findings.Select(f => f.Section).Where(section => SectionLine.IsNumber(section) && !table.Knows(section)).ToList();
        return unknown.Count == 0
            ? null
            : $"The Bharatiya Nyaya Sanhita has no section {string.Join(", ", unknown)}: its sections are 1 to {StatuteTable.ExpectedSectionCount}. It is listed as you cited it.";
    }

    /// <summary>About the last note alone: what was said of earlier ones was read.</summary>
    private static string?[] OfLast(IReadOnlyList<OfficerNote> notes, ReviewStep step)
    {
        IReadOnlyList<NoteLine> lines = SectionNotes.Read(notes) is [.., var last] && last.Step == step ? last.Lines : [];
        var unread = Quoted(lines, LineOutcome.Unread, line => Quote(line.Text));
        var inPart = Quoted(lines, LineOutcome.InPart, line => $"{Quote(line.Text)} (done: {Shortened(line.Done)})");
        return
        [
            unread is null
                ? null
                : $"Changes no section, because it names none of the Bharatiya Nyaya Sanhita and none as it is listed here: {unread}. Write it like \"add section 303(2)\"; for another Act, name all sections in a line like \"Sections: 303(2), 66D of the IT Act\".",
            inPart is null
                ? null
                : $"Carried out in part, and kept as your remark in the FIR: {inPart}. Several sections are written like \"add section 303(2), 317(2)\".",
        ];
    }

    private static string? Quoted(IReadOnlyList<NoteLine> lines, LineOutcome outcome, Func<NoteLine, string> quote)
    {
        var quotes = lines.Where(line => line.Outcome == outcome).Take(MostQuotes).Select(quote).ToList();
        return quotes.Count == 0 ? null : string.Join(", ", quotes);
    }

    private static string? Empty(IReadOnlyList<SectionFinding> findings) =>
        findings.Count == 0
            ? "No section was found by the words of the complaint. Name the sections, for example \"Sections: 303(2)\"."
            : null;

    private static string Quote(string line) => $"\"{Shortened(line.Trim())}\"";

    private static string Shortened(string line) =>
        line.Length <= LongestQuote ? line
        // Never half of a character.
        : char.IsHighSurrogate(line[LongestQuote - 1]) ? line[..(LongestQuote - 1)] + "…"
        : line[..LongestQuote] + "…";
}
