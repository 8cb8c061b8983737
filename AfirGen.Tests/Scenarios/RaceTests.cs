using AfirGen.Tests.Chat;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>Two officers, one session. A stand-in chat model holds its answers, so that requests overlap for certain.</summary>
public sealed class RaceTests(RaceTests.WithChatModel shared) : IClassFixture<RaceTests.WithChatModel>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private ApiClient Client => shared.Client;

    [Fact]
    [Trait("Defect", "D-32")]
    public async Task Of_two_approvals_at_once_exactly_one_wins_and_the_other_is_told()
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Theft);
        var (arrived, release) = shared.Hold(2);
        List<Task<Reply>> racing =
        [
            Client.ApproveAsync(journey.SessionId, key: "race-1"),
            Client.ApproveAsync(journey.SessionId, key: "race-2"),
        ];
        await arrived;
        release.SetResult();

        var replies = await Task.WhenAll(racing);

        Assert.Equal([200, 409], replies.Select(reply => reply.Status).Order());
        BadInputTests.AssertProblem(replies.Single(reply => reply.Status == 409), 409, "conflict");
        Assert.Equal("summary_review", (await journey.StatusAsync())["current_step"]);
        AssertGapless(journey, "complaint_received", "transcript_drafted", "step_approved", "summary_drafted");
    }

    [Fact]
    [Trait("Defect", "D-32")]
    public async Task The_loser_of_a_race_between_a_correction_and_a_new_draft_loses_nothing_by_repeating()
    {
        shared.Server.Respond = _ => FakeAnswer.Says("A summary.");
        var journey = await Journey.BeginAsync(Client, Complaints.Theft, "summary_review");
        var (arrived, release) = shared.Hold(2);
        Func<Task<Reply>>[] sends =
        [
            () => Client.CorrectAsync(journey.SessionId, "First note", "correct"),
            () => Client.RegenerateAsync(journey.SessionId, "summary_review", "Second note", "redraft"),
        ];
        var racing = sends.Select(send => send()).ToList();
        await arrived;
        release.SetResult();
        var replies = await Task.WhenAll(racing);
        var loser = Assert.Single(replies.Index(), reply => reply.Item.Status == 409);

        (await sends[loser.Index]()).RequireOk();

        Assert.Equal(["First note", "Second note"], Notes(journey).Order());
    }

    [Fact]
    public async Task G3_a_key_in_flight_is_409_and_its_outcome_in_flight_until_it_is_done()
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Theft);
        var (arrived, release) = shared.Hold(1);
        var first = Client.ApproveAsync(journey.SessionId, key: "busy|key");
        await arrived;

        var second = await Client.ApproveAsync(journey.SessionId, key: "busy|key");
        var outcome = (await Client.GetAsync("/operations/busy%7Ckey")).RequireOk();
        var unrelated = (await Client.GetAsync("/operations/key")).RequireOk();
        release.SetResult();
        var answer = (await first).RequireOk();

        BadInputTests.AssertProblem(second, 409, "key-in-flight", "Idempotency-Key");
        Assert.NotEmpty(second.Headers["Retry-After"]);
        Assert.Equal(("in_flight", "not_done"), (outcome["outcome"], unrelated["outcome"]));
        Assert.Equal("done", (await Client.GetAsync("/operations/busy%7Ckey"))["outcome"]);
        Assert.Equal(answer.Body, (await Client.ApproveAsync(journey.SessionId, key: "busy|key")).Body);
    }

    [Fact]
    [Trait("Defect", "D-33")]
    [Trait("Defect", "D-38")]
    public async Task G4_sixteen_corrections_at_once_are_all_stored_once_and_the_events_are_gapless()
    {
        shared.Server.Respond = _ => FakeAnswer.Says("A summary.");
        var journey = await Journey.BeginAsync(Client, Complaints.Theft);
        var notes = Enumerable.Range(1, 16).Select(n => $"Note {n:00}").ToList();

        await Task.WhenAll(notes.Select(note => InsistAsync(() => Client.CorrectAsync(journey.SessionId, note, note))));

        Assert.Equal(notes, Notes(journey).Order());
        AssertGapless(journey);
        Assert.Equal($"\"v{2 + (2 * notes.Count)}\"", (await journey.StatusAsync()).Headers["ETag"]);
    }

    [Fact]
    [Trait("Defect", "D-11")]
    public async Task A_section_that_could_not_be_checked_says_so_to_the_officer_and_in_the_FIR()
    {
        shared.Server.Respond = request =>
            request.Body.Contains("303(2)", StringComparison.Ordinal) ? FakeAnswer.Fails(400) : FakeAnswer.Says("A text by the model.");
        var journey = await Journey.BeginAsync(Client, Complaints.Theft);

        var sections = await journey.ApproveUntilAsync("violations_review");
        await journey.CompleteAsync("Beat: 1");

        var theft = sections.Json["content"]!["violations"]!.AsArray().Single(v => v!["section"]!.ToString() == "303(2)")!;
        Assert.False((bool)theft["checked"]!);
        Assert.NotEmpty(sections.Json["content"]!["notice"]!.ToString());
        Assert.Contains("not checked", await journey.FirTextAsync(), StringComparison.Ordinal);
        var paper = (await Client.GetAsync($"/fir/{journey.FirNumber}/print", "text/html")).RequireOk().Text;
        Assert.Contains("<em>This section was not checked", paper, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Defect", "D-42")]
    public async Task While_the_chat_model_fails_the_embedded_one_drafts_and_the_answer_says_so()
    {
        shared.Server.Respond = _ => FakeAnswer.Fails(400);
        var journey = await Journey.BeginAsync(Client, Complaints.Theft);

        var summary = await journey.ApproveUntilAsync("summary_review");

        Assert.Contains("motorcycle", summary.Json["content"]!["summary"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("drafted by extractive", summary.Json["content"]!["notice"]!.ToString(), StringComparison.Ordinal);
    }

    /// <summary>As a client does that was told of a conflict: the same request again, until it is done.</summary>
    private static async Task InsistAsync(Func<Task<Reply>> send)
    {
        Reply reply;
        do
        {
            reply = await send();
        } while (reply.ProblemType == "conflict");

        reply.RequireOk();
    }

    private List<string> Notes(Journey journey) =>
        shared.Stack.Stores.Journal(
            "SELECT content ->> 'text' FROM session_events WHERE session_id = $1 AND kind = 'note_given'",
            row => row.GetString(0),
            journey.SessionId
        );

    private void AssertGapless(Journey journey, params string[] kinds)
    {
        var events = shared.Stack.Stores.Journal(
            "SELECT seq, kind FROM session_events WHERE session_id = $1 ORDER BY seq",
            row => (Seq: row.GetInt64(0), Kind: row.GetString(1)),
            journey.SessionId
        );
        Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(e => e.Seq));
        if (kinds.Length > 0)
        {
            Assert.Equal(kinds, events.Select(e => e.Kind));
        }
    }

    public sealed class WithChatModel : SharedService
    {
        internal FakeOpenAiServer Server { get; private set; } = null!;

        internal override Dictionary<string, string> Settings =>
            new()
            {
                ["AfirGen:ChatModel:Endpoint"] = Server.ChatEndpoint.AbsoluteUri,
                ["AfirGen:ChatModel:Model"] = "stand-in",
                ["AfirGen:ChatModel:MaxRetries"] = "0",
            };

        public override async ValueTask InitializeAsync()
        {
            Server = await FakeOpenAiServer.StartAsync();
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await Server.DisposeAsync();
        }

        /// <summary>Holds every answer; the first task completes when <paramref name="questions"/> have arrived.</summary>
        internal (Task Arrived, TaskCompletionSource Release) Hold(int questions)
        {
            var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var left = questions;
            Server.Respond = _ =>
            {
                if (Interlocked.Decrement(ref left) == 0)
                {
                    arrived.SetResult();
                }

                return FakeAnswer.SaysAfter(release, "A held answer.");
            };
            return (arrived.Task.WaitAsync(Patience), release);
        }
    }
}
