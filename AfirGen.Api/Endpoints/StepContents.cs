using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Form;
using AfirGen.Api.Drafting.Sessions;

namespace AfirGen.Api.Endpoints;

/// <summary>What the officer is shown at each step.</summary>
internal static class StepContents
{
    public static ProcessAnswer Processed(SessionState session) =>
        new(
            Success: true,
            session.SessionId,
            session.FirNumber,
            FirContent: null,
            Error: null,
            [
                session.Source switch
                {
                    ComplaintSource.Image => "ocr_done",
                    ComplaintSource.Audio => "asr_done",
                    _ => "text_received",
                },
                "transcript_drafted",
            ],
            RequiresValidation: true,
            SnakeCase.Of(session.CurrentStep),
            Of(session)
        );

    public static ValidateAnswer Validated(SessionState session, ReviewDecision decision)
    {
        var completed = session.Status == SessionStatus.Completed;
        var asked = !decision.Approved && !decision.IsWritten && !decision.Regenerate;
        return new(
            Success: true,
            session.SessionId,
            SnakeCase.Of(session.CurrentStep),
            asked ? new() { Message = "Please provide corrections or additional input" } : Of(session),
            asked ? "Validation rejected. You can provide additional input to improve the result."
                : decision.Approved ? Message(session)
                : $"Content regenerated for {SnakeCase.Of(session.CurrentStep)}",
            RequiresValidation: !completed,
            completed
        );
    }

    public static RegenerateAnswer Regenerated(SessionState session, ReviewStep step) =>
        new(Success: true, session.SessionId, SnakeCase.Of(step), Of(session), $"Content regenerated for {SnakeCase.Of(step)}");

    public static SessionStatusAnswer Status(SessionState session) =>
        new(
            session.SessionId,
            SnakeCase.Of(session.Status),
            SnakeCase.Of(session.CurrentStep),
            session.Status == SessionStatus.AwaitingValidation,
            session.CreatedAt,
            session.LastActivity,
            session.FirNumber,
            Of(session),
            session.Error
        );

    /// <summary>The artefact of the current step.</summary>
    private static StepContent Of(SessionState session) =>
        session.CurrentStep switch
        {
            ReviewStep.TranscriptReview => new()
            {
                Transcript = session.Transcript,
                OriginalText = session.OriginalText,
                Notice = session.Notice,
            },
            ReviewStep.SummaryReview => new() { Summary = session.Summary, Notice = session.Notice },
            ReviewStep.ViolationsReview => new()
            {
                Violations = session.Sections,
                Summary = session.Summary,
                Notice = session.Notice,
            },
            ReviewStep.FirNarrativeReview => new() { FirNarrative = session.Narrative, Notice = session.Notice },
            _ => new()
            {
                FirNumber = session.FirNumber,
                FirContent = session.FirContent,
                Fields = session.Fields,
                MissingFields = RenderedField.MissingMandatory(session.Fields),
                Notice = session.Notice,
            },
        };

    private static string Message(SessionState session) =>
        session switch
        {
            { Status: SessionStatus.Completed } => "FIR processing completed successfully!",
            { CurrentStep: ReviewStep.SummaryReview } => "Summary generated. Please review and validate.",
            { CurrentStep: ReviewStep.ViolationsReview } => "Legal violations identified. Please review and validate.",
            { CurrentStep: ReviewStep.FirNarrativeReview } => "FIR narrative generated. Please review and validate.",
            _ => "FIR generated successfully. Final review required.",
        };
}
