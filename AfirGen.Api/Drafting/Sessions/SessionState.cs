using AfirGen.Api.Drafting.Form;

namespace AfirGen.Api.Drafting.Sessions;

internal enum SessionStatus
{
    Processing,
    AwaitingValidation,
    Completed,
    Expired,
    Error,
}

/// <summary>A drafting session: the fold of its events.</summary>
internal sealed record SessionState
{
    public required string SessionId { get; init; }
    public required string FirNumber { get; init; }

    /// <summary>Number of events so far.</summary>
    public required long Version { get; init; }

    public required SessionStatus Status { get; init; }
    public required ReviewStep CurrentStep { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset LastActivity { get; init; }
    public required ComplaintSource Source { get; init; }

    /// <summary>The complaint exactly as given or as read; null while an upload has not been read.</summary>
    public string? OriginalText { get; init; }

    public string? AttachmentSha256 { get; init; }
    public string? Transcript { get; init; }
    public string? Summary { get; init; }
    public IReadOnlyList<SectionFinding> Sections { get; init; } = [];
    public string? Narrative { get; init; }
    public string? FirContent { get; init; }
    public IReadOnlyList<RenderedField> Fields { get; init; } = [];
    public IReadOnlyList<OfficerNote> Notes { get; init; } = [];

    /// <summary>What the officer must know about the artefact under review.</summary>
    public string? Notice { get; init; }

    /// <summary>Why reading the upload failed last; null when nothing is wrong.</summary>
    public string? Error { get; init; }

    public string? RegistrationNumber { get; init; }

    /// <summary>The status to return to when an expired session is resumed.</summary>
    public SessionStatus? StatusBeforeExpiry { get; init; }

    /// <summary>What a drafting model needs to know.</summary>
    public DraftingInput ToInput() =>
        new()
        {
            Source = Source,
            OriginalText = OriginalText ?? "",
            ReceivedAt = CreatedAt,
            Notes = Notes,
            Transcript = Transcript,
            Summary = Summary,
            Sections = Sections,
            Narrative = Narrative,
        };

    /// <summary>Applies one event. Pure: the same events give the same state, in the service, in a test and in an audit.</summary>
    /// <exception cref="InvalidOperationException">The event cannot happen in this state: a defect in the caller.</exception>
    public SessionState Apply(SessionEvent e, DateTimeOffset at)
    {
        var next = e switch
        {
            TranscriptDrafted d => Drafted(d.Step) with
            {
                Transcript = d.Transcript,
                Notice = d.Notice,
                OriginalText = d.OriginalText ?? OriginalText,
                Error = null,
            },
            SummaryDrafted d => Drafted(d.Step) with { Summary = d.Summary, Notice = d.Notice },
            SectionsDrafted d => Drafted(d.Step) with { Sections = d.Sections, Notice = d.Notice },
            NarrativeDrafted d => Drafted(d.Step) with { Narrative = d.Narrative, Notice = d.Notice },
            FirRendered d => Drafted(d.Step) with { FirContent = d.FirContent, Fields = d.Fields, Notice = d.Notice },
            StepApproved a => Require(CurrentStep == a.Step && Status == SessionStatus.AwaitingValidation, e),
            NoteGiven n => Require(IsOpen, e) with { Notes = [.. Notes, new(n.Step, n.Text, n.Fields)] },
            ReadingFailed f => Require(Status == SessionStatus.Processing, e) with { Error = f.Reason },
            SessionCompleted => Require(CurrentStep == ReviewStep.FinalReview && Status == SessionStatus.AwaitingValidation, e) with
            {
                Status = SessionStatus.Completed,
            },
            SessionReopened => Require(Status == SessionStatus.Completed && RegistrationNumber is null, e) with
            {
                Status = SessionStatus.AwaitingValidation,
            },
            SessionExpired => Require(IsOpen, e) with { Status = SessionStatus.Expired, StatusBeforeExpiry = Status },
            SessionResumed => Require(Status == SessionStatus.Expired, e) with
            {
                Status = StatusBeforeExpiry ?? SessionStatus.AwaitingValidation,
                StatusBeforeExpiry = null,
            },
            FirRegistered r => Require(Status == SessionStatus.Completed && RegistrationNumber is null, e) with
            {
                RegistrationNumber = r.RegistrationNumber,
            },
            _ => throw Illegal(e),
        };
        return next with { Version = Version + 1, LastActivity = at };
    }

    /// <summary>The state after the first event.</summary>
    public static SessionState Start(string sessionId, string firNumber, ComplaintReceived complaint, DateTimeOffset at) =>
        new()
        {
            SessionId = sessionId,
            FirNumber = firNumber,
            Version = 1,
            Status = SessionStatus.Processing,
            CurrentStep = ReviewStep.TranscriptReview,
            CreatedAt = at,
            LastActivity = at,
            Source = complaint.Source,
            OriginalText = complaint.OriginalText,
            AttachmentSha256 = complaint.AttachmentSha256,
        };

    private bool IsOpen => Status is SessionStatus.Processing or SessionStatus.AwaitingValidation;

    /// <summary>A step may be drafted again, or the one after the current; never one further on.</summary>
    private SessionState Drafted(ReviewStep step)
    {
        if (!IsOpen || step > CurrentStep + 1 || (Status == SessionStatus.Processing && step != ReviewStep.TranscriptReview))
        {
            throw new InvalidOperationException($"{step} cannot be drafted at {CurrentStep}, {Status}.");
        }

        return this with
        {
            CurrentStep = step,
            Status = SessionStatus.AwaitingValidation,
        };
    }

    private SessionState Require(bool allowed, SessionEvent e) => allowed ? this : throw Illegal(e);

    private InvalidOperationException Illegal(SessionEvent e) => new($"{e.GetType().Name} cannot happen at {CurrentStep}, {Status}.");
}
