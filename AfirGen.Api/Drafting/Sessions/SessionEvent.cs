using System.Text.Json.Serialization;
using AfirGen.Api.Drafting.Form;

namespace AfirGen.Api.Drafting.Sessions;

/// <summary>Something that happened to a session. Stored append-only; replaying all of them gives the session's state.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ComplaintReceived), "complaint_received")]
[JsonDerivedType(typeof(TranscriptDrafted), "transcript_drafted")]
[JsonDerivedType(typeof(SummaryDrafted), "summary_drafted")]
[JsonDerivedType(typeof(SectionsDrafted), "violations_drafted")]
[JsonDerivedType(typeof(NarrativeDrafted), "narrative_drafted")]
[JsonDerivedType(typeof(FirRendered), "fir_rendered")]
[JsonDerivedType(typeof(StepApproved), "step_approved")]
[JsonDerivedType(typeof(NoteGiven), "note_given")]
[JsonDerivedType(typeof(ReadingFailed), "reading_failed")]
[JsonDerivedType(typeof(SessionCompleted), "completed")]
[JsonDerivedType(typeof(SessionReopened), "reopened")]
[JsonDerivedType(typeof(SessionExpired), "expired")]
[JsonDerivedType(typeof(SessionResumed), "resumed")]
[JsonDerivedType(typeof(FirRegistered), "registered")]
internal abstract record SessionEvent;

/// <summary>An artefact was drafted, for the first time or again.</summary>
internal abstract record StepDrafted(ReviewStep Step) : SessionEvent;

/// <param name="OriginalText">Exactly as given; null while an upload has not been read yet.</param>
/// <param name="AttachmentSha256">Of the upload; null for text.</param>
internal sealed record ComplaintReceived(ComplaintSource Source, string? OriginalText, string? AttachmentSha256) : SessionEvent;

/// <param name="OriginalText">What was read from the upload; null when the complaint was text or was read before.</param>
internal sealed record TranscriptDrafted(string Transcript, string Model, string? Notice, string? OriginalText = null)
    : StepDrafted(ReviewStep.TranscriptReview);

internal sealed record SummaryDrafted(string Summary, string Model, string? Notice) : StepDrafted(ReviewStep.SummaryReview);

internal sealed record SectionsDrafted(IReadOnlyList<SectionFinding> Sections, string Model, string? Notice)
    : StepDrafted(ReviewStep.ViolationsReview);

internal sealed record NarrativeDrafted(string Narrative, string Model, string? Notice) : StepDrafted(ReviewStep.FirNarrativeReview);

internal sealed record FirRendered(string FirContent, IReadOnlyList<RenderedField> Fields, string? Notice = null)
    : StepDrafted(ReviewStep.FinalReview);

internal sealed record StepApproved(ReviewStep Step) : SessionEvent;

/// <summary>The officer's correction or addition at a step.</summary>
/// <param name="Fields">Null when no field was given beside the text.</param>
internal sealed record NoteGiven(ReviewStep Step, string Text, IReadOnlyList<FieldCorrection>? Fields = null) : SessionEvent;

/// <summary>An upload could not be read; it is kept and can be tried again.</summary>
internal sealed record ReadingFailed(string Reason) : SessionEvent;

internal sealed record SessionCompleted : SessionEvent;

/// <summary>A completed but unregistered session goes back to its final review.</summary>
internal sealed record SessionReopened : SessionEvent;

internal sealed record SessionExpired : SessionEvent;

internal sealed record SessionResumed : SessionEvent;

internal sealed record FirRegistered(string RegistrationNumber, string RegisteredAt) : SessionEvent;
