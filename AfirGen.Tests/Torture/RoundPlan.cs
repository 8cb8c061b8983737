namespace AfirGen.Tests.Torture;

/// <summary>One round: how the service is started, what happens while it works, how it ends. Up to three faults at once.</summary>
/// <param name="Launch">In force from the start on: a crash point, a failing or slow fsync, a jumping clock; null: none.</param>
/// <param name="During">Begins under load and ends before or after the round's end; null: none.</param>
/// <param name="End">Kill, Term or PowerCut.</param>
internal sealed record RoundPlan(Fault? Launch, Fault? During, Fault End)
{
    public string? Point { get; init; }

    /// <summary>How often the crash point, or the fsync, goes well first.</summary>
    public int Skip { get; init; }

    /// <summary>Requests before <see cref="During"/> begins, and from there to the end.</summary>
    public (int Before, int Within) Requests { get; init; }

    /// <summary>Whether <see cref="During"/> is over before the service ends.</summary>
    public bool MendFirst { get; init; }

    public bool Torn { get; init; }

    /// <summary>Whether nothing but the requests decides what is in the stores when it is ready.</summary>
    public bool StartsQuietly => Launch is not (Fault.CrashPoint or Fault.TermPoint or Fault.FsyncFails);

    /// <summary>Everything that happens in this round.</summary>
    public IEnumerable<Fault> Faults => new[] { Launch, During, End, Torn ? Fault.TornLog : null }.OfType<Fault>();

    public override string ToString() =>
        string.Join(" + ", Faults.Select(f => f is Fault.CrashPoint or Fault.TermPoint ? $"{f} {Point}" : $"{f}"));
}
