using AfirGen.Api.Drafting.Form;

namespace AfirGen.Api.Drafting.Statutes;

/// <summary>
/// Applies what the officer wrote about sections: <c>Sections: 303(2), 66D of the IT Act</c> sets the list, <c>add 351(2)</c>,
/// <c>remove 318</c> and <c>remove section 66D of the IT Act</c> change it. Applying the same notes twice changes nothing, so drafting and
/// rendering may both do it.
/// </summary>
internal static class SectionNotes
{
    public static IReadOnlyList<SectionFinding> Apply(
        IReadOnlyList<SectionFinding> findings,
        IReadOnlyList<OfficerNote> notes,
        StatuteTable table
    )
    {
        var result = findings.ToList();
        Follow(result, notes, table.Describe);
        return result;
    }

    /// <summary>
    /// Every line with what became of it. It depends on the notes alone: a section of another Act is in the list only if a note has put it
    /// there, and a command that names numbers is carried out whatever the list is.
    /// </summary>
    public static IReadOnlyList<ReadNote> Read(IReadOnlyList<OfficerNote> notes) =>
        Follow([], notes, cited => new SectionFinding { Section = cited.Trim(), Title = "" });

    private static List<ReadNote> Follow(List<SectionFinding> list, IReadOnlyList<OfficerNote> notes, Func<string, SectionFinding> describe)
    {
        var read = new List<ReadNote>();
        foreach (var note in notes)
        {
            var lines = note.Text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
            read.Add(new(note.Step, [.. lines.Select(line => Follow(list, line, note.Step, describe))]));
            foreach (var field in note.Fields ?? [])
            {
                Set(list, field, describe);
            }
        }
        return read;
    }

    private static NoteLine Follow(List<SectionFinding> list, string line, ReviewStep step, Func<string, SectionFinding> describe)
    {
        if (FieldCorrection.Parse(line) is { } field)
        {
            Set(list, field, describe);
            return new(line, LineOutcome.Field);
        }
        var wanted = new SectionLine(line, step);
        // First as it is listed: "remove section 3 of the X Act" is not about section 3 of the BNS.
        if (wanted.Removed is { } removed && list.RemoveAll(f => SectionLine.IsSame(f.Section, removed)) > 0)
        {
            return new(line, LineOutcome.CarriedOut);
        }
        foreach (var (adds, section) in wanted.Changes)
        {
            if (adds)
            {
                Add(list, describe(section));
            }
            else
            {
                Remove(list, section);
            }
        }
        return new(line, wanted.Outcome, wanted.Done);
    }

    private static void Set(List<SectionFinding> list, FieldCorrection field, Func<string, SectionFinding> describe)
    {
        if (field.Key != FieldKeys.Sections)
        {
            return;
        }
        var known = list.ToList();
        list.Clear();
        var named = field.Withdraws ? "" : field.Value;
        foreach (var item in named.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var cited = describe(item);
            list.Add(known.FirstOrDefault(f => Same(f.Section, cited.Section)) ?? cited);
        }
    }

    private static void Add(List<SectionFinding> list, SectionFinding cited)
    {
        if (!list.Any(f => Same(f.Section, cited.Section)))
        {
            list.Add(cited);
        }
    }

    // "remove 318" also removes 318(4), not 318(4) of another Act; "remove 318(4)" leaves 318(2).
    private static void Remove(List<SectionFinding> list, string section)
    {
        var cited = Closed(section);
        list.RemoveAll(f =>
            SectionLine.IsNumber(f.Section)
            && Closed(f.Section) is var listed
            && (Same(listed, cited) || listed.StartsWith(cited + "(", StringComparison.OrdinalIgnoreCase))
        );
    }

    private static string Closed(string section) => section.Replace(" ", "", StringComparison.Ordinal);

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
