using AfirGen.Api.Drafting.Form;

namespace AfirGen.Api.Drafting;

/// <summary>How the complaint reached the station.</summary>
internal enum ComplaintSource
{
    Text,
    Image,
    Audio,
}

/// <summary>The five things that the officer reviews, in this order.</summary>
internal enum ReviewStep
{
    TranscriptReview,
    SummaryReview,
    ViolationsReview,
    FirNarrativeReview,
    FinalReview,
}

/// <summary>
/// One thing that the officer wrote during review: free text, or lines of the form <c>Field: value</c>
/// that set a field of the FIR form.
/// </summary>
/// <param name="Fields">Values that were given by field, as given, line breaks included; they come after the lines of the text.</param>
internal sealed record OfficerNote(ReviewStep Step, string Text, IReadOnlyList<FieldCorrection>? Fields = null);

/// <summary>Everything that is known about a complaint when a step is drafted. Later artefacts are null until drafted.</summary>
internal sealed record DraftingInput
{
    public required ComplaintSource Source { get; init; }

    /// <summary>The complaint exactly as given (or as read from the image or the recording).</summary>
    public required string OriginalText { get; init; }

    /// <summary>When the complaint reached the station, UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What the officer wrote, oldest first. A later <c>Field: value</c> line wins over an earlier one.</summary>
    public IReadOnlyList<OfficerNote> Notes { get; init; } = [];

    public string? Transcript { get; init; }
    public string? Summary { get; init; }
    public IReadOnlyList<SectionFinding> Sections { get; init; } = [];
    public string? Narrative { get; init; }
}

/// <summary>One section of the BNS that may apply to the complaint.</summary>
internal sealed record SectionFinding
{
    /// <summary>For example <c>303(2)</c> or <c>115</c>.</summary>
    public required string Section { get; init; }

    public required string Title { get; init; }

    /// <summary>"Cognizable.", "Non-cognizable." or the condition, as the First Schedule of the BNSS has it; null when it has none.</summary>
    public string? Cognizable { get; init; }

    public string? Bailable { get; init; }
    public string? Court { get; init; }
    public string? Punishment { get; init; }

    /// <summary>Relevance, higher is better; comparable within one list only.</summary>
    public double Score { get; init; }

    /// <summary>The words of the complaint that led to this section.</summary>
    public IReadOnlyList<string> MatchedTerms { get; init; } = [];

    /// <summary>False when a check of this section was wanted and failed: the record then says "not checked".</summary>
    public bool Checked { get; init; } = true;
}
