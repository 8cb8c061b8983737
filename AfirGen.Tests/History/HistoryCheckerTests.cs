using System.Text;
using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.History;

/// <summary>The checker itself: content with what is sound, and never with a planted violation.</summary>
public sealed class HistoryCheckerTests
{
    private const string Id = "11111111-1111-1111-1111-111111111111";
    private const string Fir = "FIR-11111111-20260101000000";
    private const string Complaint = "My bicycle was stolen.";
    private const string Note = "It was blue.";
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly OperationHistory _history = new();
    private readonly SessionChange _session;
    private StoreView _stores;

    public HistoryCheckerTests()
    {
        _session = SessionChange.New(Id, Fir, new(ComplaintSource.Text, Complaint, null), At);
        _session.Add(new TranscriptDrafted(Complaint, "m", null), At);
        var process = Answer(
            200,
            "v2",
            $$$"""{"session_id":"{{{Id}}}","content_for_validation":{"transcript":"{{{Complaint}}}"}}""",
            "registry"
        );
        Tell(new("k1", RequestKind.Process, null, null, Complaint), process);
        _session.Add(new NoteGiven(ReviewStep.TranscriptReview, Note), At);
        _session.Add(new TranscriptDrafted(Complaint + Note, "m", null), At);
        var correct = Answer(200, "v4", $$$"""{"session_id":"{{{Id}}}","content":{"transcript":"{{{Complaint + Note}}}"}}""");
        Tell(new("k2", RequestKind.Correct, Id, Fir, Note), correct);
        _stores = new()
        {
            Sessions = new Dictionary<string, StoredSession> { [Id] = new(Row(), _session.Events) },
            Answers = [new("k1", Id, 200, process.Body), new("k2", Id, 200, correct.Body)],
            Outbox = [new(1, Id, OutboxTable.Draft, true, true)],
            Firs = [new(Fir, Id, Complaint, null, null, FirStatus.Draft, "", null, null, null)],
            Counters = [],
        };
    }

    [Fact]
    public void What_is_sound_passes() => Assert.Empty(HistoryChecker.Check(_history.Operations, _stores, settled: true));

    [Fact]
    public void A_lost_answer_is_found() =>
        Require(Violation.Lost, "its answer is not stored", _stores with { Answers = [.. _stores.Answers.Take(1)] });

    [Fact]
    public void A_lost_session_is_found() =>
        Require(Violation.Lost, "is gone", _stores with { Sessions = new Dictionary<string, StoredSession>() });

    [Fact]
    public void Lost_events_are_found() =>
        Require(Violation.Lost, "version 4 was acknowledged, 2 is there", WithSession(new(Row(), [.. _session.Events.Take(2)])));

    [Fact]
    public void A_record_that_the_registry_confirmed_and_does_not_have_is_found() =>
        Require(Violation.Lost, "the registry confirmed it and has nothing", _stores with { Firs = [] });

    [Fact]
    public void A_row_marked_delivered_that_never_was_is_found() =>
        Require(
            Violation.Lost,
            "is marked delivered",
            _stores with
            {
                Outbox = [.. _stores.Outbox, new(2, Id, OutboxTable.Pending, true, true)],
            }
        );

    [Fact]
    public void Another_stored_answer_is_found() =>
        Require(Violation.Mutated, "another one", _stores with { Answers = [_stores.Answers[0], new("k2", Id, 200, [1])] });

    [Fact]
    public void Another_answer_to_a_retry_is_found()
    {
        Tell(new("k2", RequestKind.Correct, Id, Fir, Note), Answer(200, "v4", "{}"));
        Require(Violation.Mutated, "two attempts got two answers", _stores);
    }

    [Fact]
    public void Events_that_say_something_else_are_found()
    {
        var events = _session.Events.ToArray();
        events[3] = events[3] with { Content = events[3].Content.Replace("blue", "grey", StringComparison.Ordinal) };
        Require(Violation.Mutated, "do not add up to the answer", WithSession(new(Row(), events)));
    }

    [Fact]
    public void The_effect_of_a_refused_request_is_found()
    {
        Tell(new("k3", RequestKind.Correct, Id, Fir, "another note"), Answer(400, "", "{}"));
        Require(Violation.Phantom, "it was refused", _stores with { Answers = [.. _stores.Answers, new("k3", Id, 200, [])] });
    }

    [Fact]
    public void A_refused_request_whose_stored_answer_is_replayed_is_found()
    {
        Tell(new("k3", RequestKind.Approve, Id, Fir, null), Answer(400, "", "{}"));
        Tell(new("k3", RequestKind.Approve, Id, Fir, null), Replayed(Answer(200, "v4", "{}")));
        Require(Violation.Phantom, "told that nothing happened", _stores);
    }

    [Fact]
    public void A_replay_after_an_attempt_that_is_not_known_is_sound()
    {
        Tell(new("k3", RequestKind.Correct, Id, Fir, null), Answer(504, "", "{}"));
        Tell(new("k3", RequestKind.Correct, Id, Fir, null), Replayed(Answer(200, "v4", """{"content":{}}""")));
        Assert.DoesNotContain(HistoryChecker.Check(_history.Operations, _stores, settled: true), f => f.Violation == Violation.Phantom);
    }

    [Fact]
    public void A_lost_approval_is_found()
    {
        Tell(new("k3", RequestKind.Approve, Id, Fir, null), Answer(200, "v4", """{"content":{}}"""));
        Require(Violation.Lost, "1 approvals were acknowledged, 0 are there", _stores);
    }

    [Fact]
    public void A_refused_approval_that_is_there_is_found()
    {
        Tell(new("k3", RequestKind.Approve, Id, Fir, null, Keyed: false), Answer(400, "", "{}"));
        _session.Add(new StepApproved(ReviewStep.TranscriptReview), At);
        Require(Violation.Phantom, "1 approvals are there, 0 were sent", WithSession(new(Row(), _session.Events)));
    }

    [Fact]
    public void A_refused_registration_that_is_there_is_found()
    {
        Tell(new("k3", RequestKind.Register, Id, Fir, null, Keyed: false), Answer(400, "", "{}"));
        Require(Violation.Phantom, "is registered", _stores with { Firs = [Numbered("", 1) with { SessionId = Id }] });
    }

    [Fact]
    public void An_older_text_than_the_registry_confirmed_is_found()
    {
        Render("old");
        Render("new");
        Tell(new("k3", RequestKind.Correct, Id, Fir, null), Answer(200, $"v{_session.After.Version}", """{"content":{}}""", "registry"));
        var stores = WithSession(new(Row(), _session.Events));
        Require(
            Violation.Lost,
            "an older text",
            stores with
            {
                Firs = [_stores.Firs[0] with { Status = FirStatus.Pending, FirContent = "old" }],
            }
        );
    }

    [Fact]
    public void An_effect_that_nobody_asked_for_is_found()
    {
        var events = _session.Events.ToArray();
        events[2] = events[2] with { Content = events[2].Content.Replace("blue", "grey", StringComparison.Ordinal) };
        Require(Violation.Phantom, "nobody was to store", WithSession(new(Row(), events)));
    }

    [Fact]
    public void A_second_effect_of_one_key_is_found()
    {
        var twin = _stores.Sessions[Id] with { Row = Row() with { SessionId = "twin" } };
        Require(
            Violation.Duplicated,
            "is there twice",
            _stores with
            {
                Sessions = new Dictionary<string, StoredSession>(_stores.Sessions) { ["twin"] = twin },
            }
        );
    }

    [Fact]
    public void An_effect_without_its_answer_is_found() =>
        Require(Violation.Torn, "the effect of k1", _stores with { Answers = [_stores.Answers[1]] });

    [Fact]
    public void A_session_row_behind_its_events_is_found() =>
        Require(Violation.Torn, "do not add up to its row", WithSession(new(Row() with { Version = 3 }, _session.Events)));

    [Fact]
    public void A_session_without_its_outbox_row_is_found() => Require(Violation.Torn, "0 draft", _stores with { Outbox = [] });

    [Fact]
    public void An_undelivered_row_is_found_once_all_is_settled() =>
        Require(Violation.Torn, "was not delivered", _stores with { Outbox = [new(1, Id, OutboxTable.Draft, false, false)] });

    [Fact]
    public void A_registry_that_differs_from_the_session_is_found() =>
        Require(Violation.Torn, "or their texts differ", _stores with { Firs = [_stores.Firs[0] with { ComplaintText = "other" }] });

    [Fact]
    public void A_registry_with_other_sections_is_found() =>
        Require(Violation.Torn, "or their texts differ", _stores with { Firs = [_stores.Firs[0] with { ViolationsJson = "[]" }] });

    [Fact]
    public void A_record_without_a_session_is_found() =>
        Require(Violation.Torn, "no such session", _stores with { Firs = [.. _stores.Firs, _stores.Firs[0] with { SessionId = "other" }] });

    [Fact]
    public void A_hole_in_the_events_is_found()
    {
        var events = _session.Events.ToArray();
        events[3] = events[3] with { Seq = 5 };
        Require(Violation.Gap, "1,2,3,5", WithSession(new(Row(), events)));
    }

    [Theory]
    [InlineData(1, 3, 3)] // a hole
    [InlineData(1, 1, 2)] // a number twice
    [InlineData(1, 2, 3)] // one taken and not used
    public void Serials_that_are_not_one_to_n_are_found(long first, long second, long last) =>
        Require(
            Violation.Gap,
            "serials",
            _stores with
            {
                Firs = [Numbered("a", first), Numbered("b", second)],
                Counters = [new("PS", 2026, last)],
            }
        );

    [Theory]
    [InlineData(200, "", Verdict.Ok)]
    [InlineData(409, "key-in-flight", Verdict.Unknown)]
    [InlineData(409, "conflict", Verdict.Fail)]
    [InlineData(503, "disk-full", Verdict.Fail)]
    [InlineData(503, "cancelled-by-drain", Verdict.Unknown)]
    [InlineData(504, "outcome-unknown", Verdict.Unknown)]
    [InlineData(500, "internal", Verdict.Unknown)]
    public void An_answer_means_what_the_outcome_table_says(int status, string type, object verdict)
    {
        var headers = new Dictionary<string, string> { ["Content-Type"] = "application/problem+json" };
        var answer = new Reply(status, headers, Encoding.UTF8.GetBytes($$"""{"type":"urn:afirgen:{{type}}"}"""));
        Assert.Equal(verdict, OperationHistory.VerdictOn(answer));
    }

    private static FirRecord Numbered(string session, long serial) =>
        new(Fir + session, session, Complaint, "fir", null, FirStatus.Finalized, "", "", new("PS", 2026, serial), null);

    private static Reply Answer(int status, string version, string body, string durability = "journal") =>
        new(
            status,
            new Dictionary<string, string> { ["ETag"] = $"\"{version}\"", ["X-Durability"] = durability },
            Encoding.UTF8.GetBytes(body)
        );

    private static Reply Replayed(Reply answer) =>
        answer with
        {
            Headers = new Dictionary<string, string>(answer.Headers) { ["Idempotency-Replayed"] = "true" },
        };

    private void Render(string text)
    {
        if (_session.After.CurrentStep < ReviewStep.FirNarrativeReview)
        {
            _session.Add(new SummaryDrafted("s", "m", null), At);
            _session.Add(new SectionsDrafted([], "m", null), At);
            _session.Add(new NarrativeDrafted("n", "m", null), At);
        }

        _session.Add(new FirRendered(text, []), At);
    }

    private SessionRow Row() =>
        new(
            Id,
            Fir,
            System.Text.Json.JsonSerializer.Serialize(_session.After, SessionJson.Stored.SessionState),
            "awaiting_validation",
            "transcript_review",
            _session.After.Version,
            "",
            ""
        );

    private StoreView WithSession(StoredSession session) =>
        _stores with
        {
            Sessions = new Dictionary<string, StoredSession> { [Id] = session },
        };

    private void Tell(Request request, Reply answer) =>
        Assert.True(_history.AttemptAsync(request, _ => Task.FromResult(answer)).IsCompleted);

    private void Require(Violation violation, string detail, StoreView stores)
    {
        _stores = stores;
        var findings = HistoryChecker.Check(_history.Operations, _stores, settled: true);
        Assert.Contains(findings, f => f.Violation == violation && f.Detail.Contains(detail, StringComparison.Ordinal));
    }
}
