using System.Text.Json.Nodes;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>A request repeated with its Idempotency-Key has one effect and gets the first answer again, byte for byte (G3).</summary>
public sealed class IdempotencyTests(SharedService shared) : IClassFixture<SharedService>
{
    private ApiClient Client => shared.Client;

    [Fact]
    [Trait("Defect", "D-19")]
    [Trait("Defect", "D-31")]
    public async Task G3_every_route_gives_its_first_answer_again_also_after_a_restart_and_a_kill()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Assault);
        var calls = Calls(journey.SessionId, journey.FirNumber);
        var first = new List<Reply>();
        foreach (var send in calls)
        {
            first.Add((await send(stack.Client)).RequireOk());
            Assert.DoesNotContain("Idempotency-Replayed", first[^1].Headers.Keys);
        }

        var stored = await stack.Stores.ContentsAsync();
        await AssertReplayedAsync(stack, calls, first);
        await stack.RestartAsync();
        await AssertReplayedAsync(stack, calls, first);
        await stack.RestartAsync(kill: true);
        await AssertReplayedAsync(stack, calls, first);

        Assert.Equal(stored, await stack.Stores.ContentsAsync());
    }

    [Fact]
    public async Task G3_a_key_that_was_used_for_another_request_is_refused()
    {
        var one = await Journey.BeginAsync(Client, "One");
        var two = await Journey.BeginAsync(Client, "Two");
        (await Client.ProcessAsync("Three", "reused")).RequireOk();
        (await Client.ApproveAsync(one.SessionId, key: "reused")).RequireOk();
        (await Client.RegenerateAsync(one.SessionId, "summary_review", key: "reused")).RequireOk();
        var before = await shared.Stack.Stores.ContentsAsync();

        Reply[] refused =
        [
            await Client.ProcessAsync("Three ", "reused"),
            await Client.ApproveAsync(one.SessionId, "summary_review", key: "reused"),
            await Client.ApproveAsync(two.SessionId, key: "reused"),
            await Client.CorrectAsync(one.SessionId, "No", key: "reused"),
            await Client.RegenerateAsync(one.SessionId, "transcript_review", key: "reused"),
            await Client.RegenerateAsync(two.SessionId, "summary_review", key: "reused"),
        ];

        Assert.All(refused, reply => BadInputTests.AssertProblem(reply, 422, "key-reused", "Idempotency-Key", "another request"));
        Assert.Equal(before, await shared.Stack.Stores.ContentsAsync());
    }

    [Fact]
    public async Task G3_a_key_belongs_to_the_route_and_to_the_API_key_that_sent_it()
    {
        await using var stack = await EmbeddedStack.StartAsync(new Dictionary<string, string> { ["AfirGen:ApiKey"] = "first-key" });
        var first = (await stack.Client.ProcessAsync("Mine", "shared")).RequireOk();
        var otherRoute = (await stack.Client.ApproveAsync(first["session_id"], key: "shared")).RequireOk();
        stack.Settings["AfirGen:ApiKey"] = "second-key";
        await stack.RestartAsync();

        var stranger = (await stack.Client.ProcessAsync("Mine", "shared")).RequireOk();

        Assert.Equal("summary_review", otherRoute["current_step"]);
        Assert.NotEqual(first["session_id"], stranger["session_id"]);
        Assert.DoesNotContain("Idempotency-Replayed", stranger.Headers.Keys);
    }

    [Fact]
    public async Task G3_a_wrong_auth_key_never_gets_an_answer_replayed()
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Assault);
        await journey.CompleteAsync();
        (await journey.RegisterAsync("register-once")).RequireOk();

        var wrong = await Client.AuthenticateAsync(journey.FirNumber, "not the right key", "register-once");

        BadInputTests.AssertProblem(wrong, 401, "wrong-key");
        Assert.DoesNotContain("Idempotency-Replayed", wrong.Headers.Keys);
        Assert.DoesNotContain("registration_number", wrong.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain-key")]
    [InlineData("2026/11/23#7?a=b&c%2Fd")]
    [InlineData("with blank and ümlaut")]
    public async Task What_became_of_a_request_is_told_by_its_key(string key)
    {
        var path = $"/operations/{Uri.EscapeDataString(key)}";
        var before = (await Client.GetAsync(path)).RequireOk();
        var created = (await Utf8KeyAsync(key)).RequireOk();

        var done = (await Client.GetAsync(path)).RequireOk();

        Assert.Equal(("not_done", key), (before["outcome"], before["key"]));
        Assert.Equal(("done", key, "200"), (done["outcome"], done["key"], done["status_code"]));
        Assert.Equal(created["session_id"], done["session_id"]);
        Assert.True(JsonNode.DeepEquals(created.Json, done.Json["answer"]));
    }

    [Fact]
    [Trait("Defect", "D-30")]
    public async Task A_repeated_approval_never_approves_the_next_step()
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Theft);
        var first = (await Client.ApproveAsync(journey.SessionId, "transcript_review", "approve-1")).RequireOk();

        var sameKey = (await Client.ApproveAsync(journey.SessionId, "transcript_review", "approve-1")).RequireOk();
        var newKey = await Client.ApproveAsync(journey.SessionId, "transcript_review", "approve-2");
        var noKey = await Client.ApproveAsync(journey.SessionId, "transcript_review");

        Assert.Equal(first.Body, sameKey.Body);
        Assert.All([newKey, noKey], reply => BadInputTests.AssertProblem(reply, 409, "step-not-current", "summary_review"));
        Assert.Equal("summary_review", (await journey.StatusAsync())["current_step"]);
    }

    [Fact]
    [Trait("Defect", "D-30")]
    [Trait("Defect", "D-32")]
    public async Task A_decision_on_an_old_version_is_refused_by_its_ETag()
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Theft);
        var seen = (await journey.StatusAsync()).Headers["ETag"];
        Assert.Equal(seen, journey.Created.Headers["ETag"]);
        (await DecideAsync("corrected", seen, approved: false)).RequireOk();

        var stale = await DecideAsync(null, seen, approved: true);
        var staleDraft = await Client.SendAsync(
            HttpMethod.Post,
            $"/regenerate/{journey.SessionId}?step=transcript_review",
            null,
            null,
            ("If-Match", seen)
        );
        var current = (await journey.StatusAsync()).Headers["ETag"];
        var fresh = (await DecideAsync(null, current, approved: true)).RequireOk();

        Assert.All([stale, staleDraft], reply => BadInputTests.AssertProblem(reply, 412, "stale", "If-Match"));
        Assert.Equal("summary_review", fresh["current_step"]);
        Assert.Equal(fresh.Headers["ETag"], (await journey.StatusAsync()).Headers["ETag"]);

        Task<Reply> DecideAsync(string? input, string version, bool approved) =>
            Client.PostAsync(
                "/validate",
                new JsonObject
                {
                    ["session_id"] = journey.SessionId,
                    ["approved"] = approved,
                    ["user_input"] = input,
                },
                null,
                ("If-Match", version)
            );
    }

    [Fact]
    public async Task A_registration_of_an_old_version_is_refused_by_its_ETag_and_a_stored_one_is_answered_again()
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Theft);
        await journey.CompleteAsync();
        var seen = (await journey.StatusAsync()).Headers["ETag"];
        (await Client.CorrectAsync(journey.SessionId, "Beat: 17")).RequireOk();
        await journey.CompleteAsync();

        var stale = await RegisterAsync("k-stale", seen);
        var current = (await journey.StatusAsync()).Headers["ETag"];
        var registered = (await RegisterAsync("k-fresh", current)).RequireOk();
        var again = (await RegisterAsync("k-fresh", current)).RequireOk();

        BadInputTests.AssertProblem(stale, 412, "stale", "If-Match");
        Assert.Equal(registered.Body, again.Body);
        Assert.NotEqual(current, (await journey.StatusAsync()).Headers["ETag"]);

        Task<Reply> RegisterAsync(string key, string version) =>
            Client.PostAsync(
                "/authenticate",
                new JsonObject { ["fir_number"] = journey.FirNumber, ["auth_key"] = EmbeddedStack.AuthKey },
                key,
                ("If-Match", version)
            );
    }

    /// <summary>Every POST route, from the session's first step on; each call carries a key of its own.</summary>
    private static List<Func<ApiClient, Task<Reply>>> Calls(string sessionId, string firNumber) =>
        [
            client => client.ProcessAsync("मेरा मोबाइल चोरी हो गया", "k-process"),
            client => client.CorrectAsync(sessionId, "Phone: 9000000001", "k-correct"),
            client => client.RegenerateAsync(sessionId, "transcript_review", "Added.", "k-regenerate"),
            .. Journey.Steps.Select(step => (Func<ApiClient, Task<Reply>>)(client => client.ApproveAsync(sessionId, step, $"k-{step}"))),
            client => client.AuthenticateAsync(firNumber, EmbeddedStack.AuthKey, "k-authenticate"),
            client => client.PostAsync("/reliability/circuit-breaker/model_server/reset", null, "k-reset"),
            client => client.PostAsync("/reliability/auto-recovery/database/trigger", null, "k-trigger"),
            client => client.PostAsync("/operations/drain", null, "k-drain"),
            client => client.PostAsync("/operations/resume", null, "k-resume"),
        ];

    private static async Task AssertReplayedAsync(EmbeddedStack stack, List<Func<ApiClient, Task<Reply>>> calls, List<Reply> first)
    {
        foreach (var (send, expected) in calls.Zip(first))
        {
            var again = await send(stack.Client);
            Assert.Equal((200, expected.Text), (again.Status, again.Text));
            Assert.Equal(expected.Body, again.Body);
            Assert.Equal("true", again.Headers["Idempotency-Replayed"]);
            Assert.Equal(expected.Headers["Content-Type"], again.Headers["Content-Type"]);
            Assert.Equal(expected.Headers.GetValueOrDefault("ETag"), again.Headers.GetValueOrDefault("ETag"));
        }
    }

    // HttpClient sends header values as Latin-1 unless told otherwise; the service reads UTF-8.
    private async Task<Reply> Utf8KeyAsync(string key)
    {
        using var http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(shared.Stack.Api.Address, "/process"))
        {
            Content = BadRequest.Json("""{"text":"By key"}"""),
        };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var response = await http.SendAsync(request);
        return new((int)response.StatusCode, new Dictionary<string, string>(), await response.Content.ReadAsByteArrayAsync());
    }
}
