using System.Text.Json;
using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Journal;
using static AfirGen.Tests.Sessions.SessionSamples;

namespace AfirGen.Tests.Sessions;

/// <summary>What may happen to a session and when, and that its events alone tell what it is.</summary>
public sealed class SessionStateTests
{
    private const int Steps = 10_000;
    private const int StepsPerSession = 60;

    private static readonly Dictionary<string, SessionState> States = new()
    {
        ["processing"] = Started(ComplaintSource.Image),
        ["transcript"] = At_(ReviewStep.TranscriptReview),
        ["summary"] = At_(ReviewStep.SummaryReview),
        ["violations"] = At_(ReviewStep.ViolationsReview),
        ["narrative"] = At_(ReviewStep.FirNarrativeReview),
        ["final"] = At_(ReviewStep.FinalReview),
        ["completed"] = Completed,
        ["registered"] = Registered,
        ["expired"] = Expired,
    };

    /// <summary>The events that each state takes; every other one is a defect of the caller.</summary>
    [Theory]
    [InlineData("processing", "draft1 note failed expired")]
    [InlineData("transcript", "draft1 draft2 approve1 note expired")]
    [InlineData("summary", "draft1 draft2 draft3 approve2 note expired")]
    [InlineData("violations", "draft1 draft2 draft3 draft4 approve3 note expired")]
    [InlineData("narrative", "draft1 draft2 draft3 draft4 draft5 approve4 note expired")]
    [InlineData("final", "draft1 draft2 draft3 draft4 draft5 approve5 note expired completed")]
    [InlineData("completed", "reopened registered")]
    [InlineData("registered", "")]
    [InlineData("expired", "resumed")]
    public void A_state_takes_these_events_and_no_others(string state, string legal)
    {
        var taken = Alphabet().Where(e => Record.Exception(() => States[state].Apply(e.Event, At)) is null).Select(e => e.Name);

        Assert.Equal(legal.Split(' ', StringSplitOptions.RemoveEmptyEntries), taken);
    }

    [Fact]
    public void An_illegal_event_is_refused_with_its_name_and_the_state()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => Registered.Apply(new SessionReopened(), At));

        Assert.Contains("SessionReopened cannot happen at FinalReview, Completed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resumed_session_is_what_it_was()
    {
        foreach (var open in States.Where(s => s.Key is not ("completed" or "registered" or "expired")).Select(s => s.Value))
        {
            var back = open.Apply(new SessionExpired(), At).Apply(new SessionResumed(), At);

            Assert.Equal(Json(open with { Version = open.Version + 2 }), Json(back));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2026)]
    public void G4_random_walks_never_reach_an_illegal_state_and_their_events_add_up_to_the_stored_state(int seed)
    {
        var random = new Random(seed);
        var alphabet = Alphabet();
        var reached = new HashSet<(SessionStatus, ReviewStep)>();
        for (var step = 0; step < Steps; step += StepsPerSession)
        {
            var change = SessionChange.New("s", "FIR-s", new(ComplaintSource.Text, Nasty, null), At);
            for (var i = 0; i < StepsPerSession; i++)
            {
                var before = change.After;
                // Mostly forward, or hardly a walk would see the end.
                var e = random.Next(3) == 0 ? alphabet[random.Next(alphabet.Length)].Event : Forward(before);
                if (Record.Exception(() => change.Add(e, At.AddTicks(random.NextInt64(1_000_000_000)))) is InvalidOperationException)
                {
                    Assert.Same(before, change.After);
                    continue;
                }

                AssertLegal(before, change.After);
                reached.Add((change.After.Status, change.After.CurrentStep));
            }

            AssertReplays(change);
        }

        Assert.Contains((SessionStatus.Completed, ReviewStep.FinalReview), reached);
        Assert.Contains((SessionStatus.Expired, ReviewStep.TranscriptReview), reached);
    }

    internal static void AssertLegal(SessionState before, SessionState after)
    {
        Assert.Equal(before.Version + 1, after.Version);
        Assert.Equal((before.SessionId, before.FirNumber, before.CreatedAt), (after.SessionId, after.FirNumber, after.CreatedAt));
        Assert.True(after.CurrentStep <= before.CurrentStep + 1);
        Assert.Equal(after.Status == SessionStatus.Expired, after.StatusBeforeExpiry is not null);
        Assert.True(after.Status != SessionStatus.Completed || after is { CurrentStep: ReviewStep.FinalReview, FirContent: not null });
        Assert.True(after.RegistrationNumber is null || after.Status == SessionStatus.Completed);
        Assert.True(before.RegistrationNumber is null, "A registered session never changes again.");
        Assert.True(after.Status != SessionStatus.Processing || after is { CurrentStep: ReviewStep.TranscriptReview, Transcript: null });
        Assert.True(after.CurrentStep < ReviewStep.SummaryReview || after.Summary is not null);
        Assert.True(after.Notes.Count >= before.Notes.Count);
    }

    internal static void AssertReplays(SessionChange change)
    {
        var stored = Json(change.After);
        Assert.Equal(stored, Json(SessionReplay.Replay("s", "FIR-s", change.Events)));
        // Also from what was read back, as every later request does.
        Assert.Equal(stored, Json(JsonSerializer.Deserialize(stored, SessionJson.Stored.SessionState)!));
        var row = new SessionRow("s", "FIR-s", stored, "", "", change.After.Version, "", "");
        Assert.False(SessionReplay.Differs(row, change.Events));
        Assert.True(SessionReplay.Differs(row with { State = stored.Replace("चोरी", "खोया", StringComparison.Ordinal) }, change.Events));
    }

    private static SessionEvent Forward(SessionState state) =>
        state switch
        {
            { Status: SessionStatus.Expired } => new SessionResumed(),
            { Status: SessionStatus.Processing } => DraftOf(ReviewStep.TranscriptReview),
            { Status: SessionStatus.Completed } => new FirRegistered("KTW/2026/0001", ""),
            { CurrentStep: ReviewStep.FinalReview } => new SessionCompleted(),
            _ => DraftOf(state.CurrentStep + 1),
        };

    internal static (string Name, SessionEvent Event)[] Alphabet() =>
        [
            .. Enum.GetValues<ReviewStep>().Select(s => ($"draft{(int)s + 1}", DraftOf(s))),
            .. Enum.GetValues<ReviewStep>().Select(s => ($"approve{(int)s + 1}", (SessionEvent)new StepApproved(s))),
            ("note", new NoteGiven(ReviewStep.SummaryReview, Nasty)),
            ("failed", new ReadingFailed("damaged")),
            ("expired", new SessionExpired()),
            ("resumed", new SessionResumed()),
            ("completed", new SessionCompleted()),
            ("reopened", new SessionReopened()),
            ("registered", new FirRegistered("KTW/2026/0001", "")),
            ("received", new ComplaintReceived(ComplaintSource.Text, "again", null)),
        ];

    private static string Json(SessionState state) => JsonSerializer.Serialize(state, SessionJson.Stored.SessionState);
}
