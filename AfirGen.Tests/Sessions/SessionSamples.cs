using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Form;
using AfirGen.Api.Drafting.Sessions;

namespace AfirGen.Tests.Sessions;

/// <summary>One event of every kind, and sessions at every point of their life.</summary>
internal static class SessionSamples
{
    public static readonly DateTimeOffset At = new(2026, 10, 16, 4, 30, 0, 123, TimeSpan.Zero);
    public const string Nasty = "मेरा \"बैग\" चोरी\r\n\t👮‍♀️ \\ <b>'; DROP TABLE --\u2028";

    public static SessionState Started(ComplaintSource source = ComplaintSource.Text) =>
        SessionState.Start("s", "FIR-s-20261016043000", new(source, source == ComplaintSource.Text ? Nasty : null, null), At);

    public static IReadOnlyList<SessionEvent> Events =>
        [
            new ComplaintReceived(ComplaintSource.Image, null, "sha"),
            new TranscriptDrafted(Nasty, "extractive", "notice", "read from the upload"),
            new SummaryDrafted(Nasty, "extractive", null),
            new SectionsDrafted([Section("303(2)", 0.1 + 0.2), Section("115", 1e-300)], "extractive", null),
            new NarrativeDrafted(Nasty, "extractive", null),
            new FirRendered(Nasty, [new("complainant", "6", "Name", Nasty, true, true), new("x", "1", "X", "", false, false)]),
            new StepApproved(ReviewStep.SummaryReview),
            new NoteGiven(ReviewStep.FinalReview, Nasty, [new("complainant_address", Nasty)]),
            new ReadingFailed("damaged"),
            new SessionCompleted(),
            new SessionReopened(),
            new SessionExpired(),
            new SessionResumed(),
            new FirRegistered("KTW/2026/0001", "2026-10-16T04:30:00.0000000Z"),
        ];

    public static SessionEvent DraftOf(ReviewStep step) =>
        step switch
        {
            ReviewStep.TranscriptReview => new TranscriptDrafted("t", "m", null),
            ReviewStep.SummaryReview => new SummaryDrafted("s", "m", null),
            ReviewStep.ViolationsReview => new SectionsDrafted([Section("303(2)", 0.3)], "m", null),
            ReviewStep.FirNarrativeReview => new NarrativeDrafted("n", "m", null),
            _ => new FirRendered("FIR", []),
        };

    /// <summary>Awaits validation of <paramref name="step"/>.</summary>
    public static SessionState At_(ReviewStep step) =>
        Enum.GetValues<ReviewStep>().Where(s => s <= step).Aggregate(Started(), (state, s) => state.Apply(DraftOf(s), At));

    public static SessionState Completed => At_(ReviewStep.FinalReview).Apply(new SessionCompleted(), At);

    public static SessionState Registered => Completed.Apply(new FirRegistered("KTW/2026/0001", ""), At);

    public static SessionState Expired => At_(ReviewStep.SummaryReview).Apply(new SessionExpired(), At);

    private static SectionFinding Section(string section, double score) =>
        new()
        {
            Section = section,
            Title = "Theft",
            Score = score,
            MatchedTerms = ["stolen", "चोरी"],
        };
}
