using System.Globalization;
using System.Security.Cryptography;
using AfirGen.Api.Drafting.Media;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;

namespace AfirGen.Api.Drafting.Sessions;

/// <param name="Session">As committed.</param>
/// <param name="Delivery">The wait for the registry; null when it had nothing to hear.</param>
internal sealed record Committed(SessionState Session, PendingDelivery? Delivery);

/// <summary>Takes complaints in.</summary>
internal sealed class Intake(SessionStore sessions, SessionIds ids, StepDrafter drafter, IMediaReader reader, TimeProvider clock)
{
    /// <summary>Session, first two events, outbox row and answer are one transaction.</summary>
    public async Task<Committed> TakeTextAsync(string text, IAnswerRecorder answer, CancellationToken cancellationToken)
    {
        var change = NewSession(new(ComplaintSource.Text, text, null), null);
        change.Add(await drafter.DraftAsync(change.After, ReviewStep.TranscriptReview, cancellationToken), clock.GetUtcNow());
        change.ForRegistry = Draft(change.After);
        return new(change.After, await sessions.CommitAsync(change, answer, cancellationToken));
    }

    /// <summary>Stores the upload durably before anything tries to read it: it is evidence, and reading may fail.</summary>
    public async Task<Committed> TakeUploadAsync(
        ComplaintSource source,
        string contentType,
        string fileName,
        byte[] bytes,
        IAnswerRecorder claim,
        CancellationToken cancellationToken
    )
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var change = NewSession(new(source, null, hash), new(hash, contentType, fileName, bytes));
        change.ForRegistry = Draft(change.After);
        return new(change.After, await sessions.CommitAsync(change, claim, cancellationToken));
    }

    /// <summary>Reads the upload of a session that waits for it, for the first time or again, after the session expired too.</summary>
    /// <exception cref="Refusal">It cannot be read now; it is kept.</exception>
    public async Task<Committed> ReadUploadAsync(SessionState session, IAnswerRecorder answer, CancellationToken cancellationToken)
    {
        var upload =
            await sessions.FindAttachmentAsync(session.SessionId, cancellationToken)
            ?? throw new InvalidOperationException($"Session {session.SessionId} has no upload to read.");
        string text;
        try
        {
            text = await reader.ReadAsync(session.Source, upload.ContentType, upload.Bytes, cancellationToken);
        }
        catch (Exception e) when (e is MediaReaderUnavailableException or MediaUnreadableException)
        {
            await RecordFailureAsync(session, e.Message, cancellationToken);
            throw NotRead(session, e);
        }

        var change = OpenChange(session);
        var read = change.After with { OriginalText = text };
        var drafted = (TranscriptDrafted)await drafter.DraftAsync(read, ReviewStep.TranscriptReview, cancellationToken);
        change.Add(drafted with { OriginalText = text }, clock.GetUtcNow());
        change.ForRegistry = Draft(change.After);
        return new(change.After, await sessions.CommitAsync(change, answer, cancellationToken));
    }

    private static RecordDraft Draft(SessionState session) =>
        new(session.SessionId, session.FirNumber, session.OriginalText ?? "", JournalStore.Stamp(session.CreatedAt));

    private async Task RecordFailureAsync(SessionState session, string reason, CancellationToken cancellationToken)
    {
        var change = OpenChange(session);
        change.Add(new ReadingFailed(reason), clock.GetUtcNow());
        await sessions.CommitAsync(change, null, cancellationToken);
    }

    /// <summary>Who sends the upload again is there: an expired session goes on.</summary>
    private SessionChange OpenChange(SessionState session)
    {
        var change = SessionChange.Of(session);
        if (session.Status == SessionStatus.Expired)
        {
            change.Add(new SessionResumed(), clock.GetUtcNow());
        }

        return change;
    }

    private static Refusal NotRead(SessionState session, Exception cause) =>
        new(
            cause is MediaUnreadableException ? RefusalKind.UploadUnreadable : RefusalKind.UploadNotRead,
            $"{cause.Message} The upload is stored. Send the same request again with the same Idempotency-Key, or POST /regenerate/{session.SessionId}?step=transcript_review.",
            cause
        )
        {
            Extensions = { ["session_id"] = session.SessionId, ["fir_number"] = session.FirNumber },
        };

    private SessionChange NewSession(ComplaintReceived complaint, AttachmentRow? attachment)
    {
        var now = clock.GetUtcNow();
        var id = ids.Next();
        var firNumber = $"FIR-{id[..8]}-{now.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}";
        return SessionChange.New(id, firNumber, complaint, now, attachment);
    }
}
