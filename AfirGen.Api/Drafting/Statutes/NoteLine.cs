namespace AfirGen.Api.Drafting.Statutes;

/// <summary>What became of a line that an officer wrote.</summary>
internal enum LineOutcome
{
    /// <summary>It says something, and asks for nothing.</summary>
    Remark,

    /// <summary>It sets a field of the form.</summary>
    Field,

    /// <summary>It says nothing but what was done with the sections.</summary>
    CarriedOut,

    /// <summary>It changed sections, and says more than that.</summary>
    InPart,

    /// <summary>It wants sections changed and names none that could be.</summary>
    Unread,
}

/// <param name="Done">Of <see cref="LineOutcome.InPart"/>: the words that were carried out.</param>
internal sealed record NoteLine(string Text, LineOutcome Outcome, string Done = "")
{
    /// <summary>Whether it stands in the FIR as the officer's remark.</summary>
    public bool IsRemark => Outcome is not (LineOutcome.Field or LineOutcome.CarriedOut);
}

internal sealed record ReadNote(ReviewStep Step, IReadOnlyList<NoteLine> Lines);
