using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>A session that nobody touched expires, and nothing of it is lost. Here it expires after a second.</summary>
public sealed class ExpiryTests(ExpiryTests.Impatient shared) : IClassFixture<ExpiryTests.Impatient>
{
    private ApiClient Client => shared.Client;

    [Fact]
    [Trait("Defect", "D-41")]
    public async Task An_expired_session_refuses_decisions_and_is_resumed_where_it_was()
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Theft);
        await ExpiredAsync(journey.SessionId);

        var refused = await Client.ApproveAsync(journey.SessionId);
        var regenerated = await Client.RegenerateAsync(journey.SessionId, "transcript_review");

        Assert.All([refused, regenerated], reply => Assert.Equal((409, "session-expired"), (reply.Status, reply.ProblemType)));
        Assert.Contains($"POST /session/{journey.SessionId}/resume", refused["detail"], StringComparison.Ordinal);

        var resumed = (await ResumeAsync(journey.SessionId, "resume-1")).RequireOk();

        Assert.Equal(("awaiting_validation", "transcript_review"), (resumed["status"], resumed["current_step"]));
        Assert.Equal(
            journey.Created.Json["content_for_validation"]!["transcript"]!.ToString(),
            resumed.Json["content"]!["transcript"]!.ToString()
        );

        // The same request again gets the same answer, whatever the session did meanwhile.
        await ExpiredAsync(journey.SessionId);
        var replayed = await ResumeAsync(journey.SessionId, "resume-1");
        Assert.Equal("true", replayed.Headers["Idempotency-Replayed"]);
        Assert.Equal(resumed.Body, replayed.Body);
    }

    [Fact]
    public async Task A_session_that_did_not_expire_is_not_resumed()
    {
        var journey = await Journey.BeginAsync(Client, "Test");

        var refused = await ResumeAsync(journey.SessionId);

        Assert.Equal((409, "wrong-state"), (refused.Status, refused.ProblemType));
    }

    [Fact]
    [Trait("Defect", "D-14")]
    public async Task An_upload_that_nobody_could_read_is_read_by_the_same_request_after_its_session_expired()
    {
        using var folder = new TemporaryFolder();
        var tesseract = folder.File("tesseract");
        await using var stack = await EmbeddedStack.StartAsync(
            new Dictionary<string, string>(shared.Settings) { ["AfirGen:Media:TesseractPath"] = tesseract }
        );
        var stored = await Uploads.ImageAsync(stack.Client, "expiring");
        Assert.Equal(503, stored.Status);
        await Eventually.SeesAsync(() => Task.FromResult(stack.Stores.JournalCount("session_rows WHERE status = 'expired'")), n => n == 1);

        File.CreateSymbolicLink(tesseract, "/usr/bin/tesseract");
        var read = (await Uploads.ImageAsync(stack.Client, "expiring")).RequireOk();

        Assert.Equal(stored["session_id"], read["session_id"]);
        Assert.Contains("bicycle was stolen", read.Json["content_for_validation"]!["transcript"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Defect", "D-41")]
    public async Task A_completed_session_never_expires()
    {
        // Slower than a second at some step? Then resume and go on, as an officer would.
        var completed = await Journey.BeginAsync(Client, Complaints.Theft);
        while ((await completed.StatusAsync())["status"] != "completed")
        {
            if ((await Client.ApproveAsync(completed.SessionId)).ProblemType == "session-expired")
            {
                await ResumeAsync(completed.SessionId);
            }
        }

        // A later session that has expired shows that time enough has passed.
        await ExpiredAsync((await Journey.BeginAsync(Client, "Test")).SessionId);

        Assert.Equal("completed", (await completed.StatusAsync())["status"]);
        (await completed.RegisterAsync()).RequireOk();
    }

    private Task<Reply> ResumeAsync(string sessionId, string? key = null) => Client.PostAsync($"/session/{sessionId}/resume", null, key);

    private Task<Reply> ExpiredAsync(string sessionId) =>
        Eventually.SeesAsync(() => Client.StatusAsync(sessionId), reply => reply["status"] == "expired");

    public sealed class Impatient : SharedService
    {
        internal override Dictionary<string, string> Settings =>
            new() { ["AfirGen:Sessions:IdleTimeout"] = "00:00:01", ["AfirGen:Housekeeping:Interval"] = "00:00:00.1" };
    }
}
