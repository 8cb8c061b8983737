using System.Text.Json;
using AfirGen.Api.Drafting.Form;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Drafting.Sessions;

/// <param name="Step">The step that the officer saw; null trusts that it is the current one.</param>
/// <param name="ExpectedVersion">From <c>If-Match</c>; null when the client sent none.</param>
internal sealed record ReviewDecision(
    string SessionId,
    bool Approved,
    string? UserInput,
    bool Regenerate,
    ReviewStep? Step,
    long? ExpectedVersion
)
{
    /// <summary>Values by field, in the order of the form.</summary>
    public IReadOnlyList<FieldCorrection> Fields { get; init; } = [];

    /// <summary>Whether the officer wrote anything.</summary>
    public bool IsWritten => UserInput is not null || Fields.Count > 0;
}

/// <summary>The officer's decisions: approve, correct, draft again. Each is one transaction, bound to the version of the session it was made on.</summary>
internal sealed class Review(
    SessionStore sessions,
    StepDrafter drafter,
    Intake intake,
    JournalStore journal,
    IOptions<DraftingSessionOptions> options,
    TimeProvider clock
)
{
    public async Task<Committed> DecideAsync(ReviewDecision decision, IAnswerRecorder answer, CancellationToken cancellationToken)
    {
        var session = await LoadAsync(decision.SessionId, decision.ExpectedVersion, cancellationToken);
        if (decision.Step is { } step && step != session.CurrentStep)
        {
            throw new Refusal(
                RefusalKind.StepNotCurrent,
                $"step: {SnakeCase.Of(step)} is not under review, {SnakeCase.Of(session.CurrentStep)} is. Read the session and decide on that."
            );
        }

        var change = SessionChange.Of(session);
        if (session.Status == SessionStatus.Completed && !decision.Approved && decision.IsWritten)
        {
            return await ReopenAsync(change, decision, answer, cancellationToken);
        }

        RequireAwaitingValidation(session);
        if (decision.Approved)
        {
            return await ApproveAsync(change, decision, answer, cancellationToken);
        }

        if (!decision.IsWritten && !decision.Regenerate)
        {
            answer.Prepare(session);
            await journal.WriteAsync(
                db =>
                {
                    answer.Record(db, session.SessionId, null);
                    return true;
                },
                cancellationToken
            );
            return new(session, null);
        }

        Note(change, decision);
        return await RedraftAsync(change, session.CurrentStep, answer, cancellationToken);
    }

    /// <summary>Drafts a step again, the current one or an earlier one; from the final review on only that one.</summary>
    public async Task<Committed> RegenerateAsync(
        string sessionId,
        ReviewStep step,
        string? userInput,
        long? expectedVersion,
        IAnswerRecorder answer,
        CancellationToken cancellationToken
    )
    {
        var session = await LoadAsync(sessionId, expectedVersion, cancellationToken);
        if (session.Status == SessionStatus.Processing && step == ReviewStep.TranscriptReview)
        {
            return await intake.ReadUploadAsync(session, answer, cancellationToken);
        }

        RequireAwaitingValidation(session);
        if (step > session.CurrentStep || (session.CurrentStep == ReviewStep.FinalReview && step != ReviewStep.FinalReview))
        {
            throw new Refusal(
                RefusalKind.StepNotCurrent,
                $"step: {SnakeCase.Of(step)} cannot be drafted again while {SnakeCase.Of(session.CurrentStep)} is under review."
                    + (
                        session.CurrentStep == ReviewStep.FinalReview
                            ? " Correct the FIR with POST /validate, approved false and user_input."
                            : ""
                    )
            );
        }

        var change = SessionChange.Of(session);
        if (userInput is not null)
        {
            change.Add(new NoteGiven(step, userInput), clock.GetUtcNow());
        }

        return await RedraftAsync(change, step, answer, cancellationToken);
    }

    /// <summary>Brings an expired session back to where it was.</summary>
    public async Task<Committed> ResumeAsync(string sessionId, IAnswerRecorder answer, CancellationToken cancellationToken)
    {
        var session = await sessions.FindAsync(sessionId, cancellationToken) ?? throw NotFound();
        try
        {
            return await ResumeAsync(session, answer, cancellationToken);
        }
        catch (SessionConflictException) when (session.Status != SessionStatus.Expired)
        {
            // Housekeeping has written the expiry down in between: that is no reason to refuse.
            session = await sessions.FindAsync(sessionId, cancellationToken) ?? throw NotFound();
            return await ResumeAsync(session, answer, cancellationToken);
        }
    }

    /// <summary>Whether the session has been idle for longer than it may be, whether or not that has been written down yet.</summary>
    public bool IsIdle(SessionState session) =>
        session.Status is SessionStatus.AwaitingValidation or SessionStatus.Processing
        && clock.GetUtcNow() - session.LastActivity > options.Value.IdleTimeout;

    private async Task<Committed> ResumeAsync(SessionState session, IAnswerRecorder answer, CancellationToken cancellationToken)
    {
        var change = SessionChange.Of(session);
        if (session.Status != SessionStatus.Expired)
        {
            if (!IsIdle(session))
            {
                throw new Refusal(RefusalKind.WrongState, "The session is not expired.");
            }

            change.Add(new SessionExpired(), clock.GetUtcNow());
        }

        change.Add(new SessionResumed(), clock.GetUtcNow());
        return new(change.After, await sessions.CommitAsync(change, answer, cancellationToken));
    }

    private async Task<Committed> ApproveAsync(
        SessionChange change,
        ReviewDecision decision,
        IAnswerRecorder answer,
        CancellationToken cancellationToken
    )
    {
        var step = change.After.CurrentStep;
        Note(change, decision);
        if (step == ReviewStep.FinalReview)
        {
            if (decision.IsWritten)
            {
                await DraftAsync(change, step, cancellationToken); // what the officer adds while approving stands in the FIR
            }

            change.Add(new StepApproved(step), clock.GetUtcNow());
            change.Add(new SessionCompleted(), clock.GetUtcNow());
        }
        else
        {
            change.Add(new StepApproved(step), clock.GetUtcNow());
            await DraftAsync(change, step + 1, cancellationToken);
        }

        return new(change.After, await sessions.CommitAsync(change, answer, cancellationToken));
    }

    private async Task<Committed> ReopenAsync(
        SessionChange change,
        ReviewDecision decision,
        IAnswerRecorder answer,
        CancellationToken cancellationToken
    )
    {
        if (change.After.RegistrationNumber is not null)
        {
            throw new Refusal(RefusalKind.AlreadyRegistered, "The FIR is registered and never changes again.");
        }

        change.Add(new SessionReopened(), clock.GetUtcNow());
        Note(change, decision);
        await DraftAsync(change, ReviewStep.FinalReview, cancellationToken);
        return new(
            change.After,
            await sessions.CommitAsync(
                change,
                answer,
                cancellationToken,
                db =>
                {
                    if (OutboxTable.HasUndelivered(db, change.After.SessionId, OutboxTable.Register))
                    {
                        throw new SessionConflictException(change.After.SessionId); // its registration is under way
                    }
                }
            )
        );
    }

    private async Task<Committed> RedraftAsync(
        SessionChange change,
        ReviewStep step,
        IAnswerRecorder answer,
        CancellationToken cancellationToken
    )
    {
        await DraftAsync(change, step, cancellationToken);
        return new(change.After, await sessions.CommitAsync(change, answer, cancellationToken));
    }

    private async Task DraftAsync(SessionChange change, ReviewStep step, CancellationToken cancellationToken)
    {
        var drafted = await drafter.DraftAsync(change.After, step, cancellationToken);
        change.Add(drafted, clock.GetUtcNow());
        if (drafted is FirRendered fir)
        {
            var session = change.After;
            change.ForRegistry = new RecordPending(
                session.SessionId,
                session.FirNumber,
                session.OriginalText ?? "",
                fir.FirContent,
                JsonSerializer.Serialize(session.Sections, SessionJson.Stored.IReadOnlyListSectionFinding)
            );
        }
    }

    private void Note(SessionChange change, ReviewDecision decision)
    {
        if (decision.IsWritten)
        {
            var fields = decision.Fields.Count > 0 ? decision.Fields : null;
            change.Add(new NoteGiven(change.After.CurrentStep, decision.UserInput ?? "", fields), clock.GetUtcNow());
        }
    }

    private async Task<SessionState> LoadAsync(string sessionId, long? expectedVersion, CancellationToken cancellationToken)
    {
        var session = await sessions.FindAsync(sessionId, cancellationToken) ?? throw NotFound();
        RequireVersion(session, expectedVersion);
        if (session.Status == SessionStatus.Expired || IsIdle(session))
        {
            throw new Refusal(
                RefusalKind.SessionExpired,
                $"The session was idle for longer than {options.Value.IdleTimeout}. Nothing is lost: POST /session/{sessionId}/resume brings it back."
            );
        }

        return session;
    }

    /// <exception cref="Refusal">Somebody has changed the session since it was read.</exception>
    public static void RequireVersion(SessionState session, long? expected)
    {
        if (expected is { } version && version != session.Version)
        {
            throw new Refusal(
                RefusalKind.Stale,
                $"If-Match: the session is at version {session.Version}. Read it again and decide on that."
            );
        }
    }

    private static void RequireAwaitingValidation(SessionState session)
    {
        if (session.Status != SessionStatus.AwaitingValidation)
        {
            throw new Refusal(RefusalKind.WrongState, $"Session not awaiting validation: it is {SnakeCase.Of(session.Status)}.");
        }
    }

    private static Refusal NotFound() => new(RefusalKind.NotFound, "Session not found.");
}
