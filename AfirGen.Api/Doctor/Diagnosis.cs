namespace AfirGen.Api.Doctor;

/// <param name="Check">What was looked at.</param>
internal sealed record ExaminedLine(string Check, Level Level, string Text, string? Mend)
{
    public ExaminedLine(string check, Finding finding)
        : this(check, finding.Level, finding.Text, finding.Mend) { }
}

/// <summary>All lines of one look.</summary>
/// <param name="Address">Where the service was looked for.</param>
internal sealed record Diagnosis(string DataFolder, Uri? Address, IReadOnlyList<ExaminedLine> Lines)
{
    private const int NameWidth = 15;

    public int Right => Count(Level.Right);

    public int Wrong => Count(Level.Wrong);

    public int Unknown => Count(Level.Unknown);

    public int NotLookedAt => Count(Level.NotLookedAt);

    /// <summary>0: all that was looked at is right. 1: something is wrong. 2: something could not be looked at, and nothing else is wrong.</summary>
    public int ExitCode =>
        Wrong > 0 ? 1
        : Unknown > 0 ? 2
        : 0;

    public IEnumerable<string> Text() =>
        [.. Lines.SelectMany(Print), $"{Right} right, {Wrong} wrong, {Unknown} unknown, {NotLookedAt} not looked at"];

    private static IEnumerable<string> Print(ExaminedLine line)
    {
        var mark = line.Level switch
        {
            Level.Right => "ok   ",
            Level.Wrong => "WRONG",
            Level.Unknown => "?    ",
            _ => "-    ",
        };
        yield return $"{mark} {line.Check.PadRight(NameWidth)} {line.Text}";
        if (line.Mend is not null)
        {
            yield return $"      {(line.Level is Level.NotLookedAt ? "look" : "mend")}: {line.Mend}";
        }
    }

    private int Count(Level level) => Lines.Count(line => line.Level == level);
}
