using System.Globalization;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>What went wrong in the system that this one replaces and is not told by another scenario.</summary>
public sealed class DefectTests(SharedService shared) : IClassFixture<SharedService>
{
    private ApiClient Client => shared.Client;

    [Fact]
    [Trait("Defect", "D-01")]
    public async Task A_text_complaint_that_was_acknowledged_goes_on_after_a_kill()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        var created = await stack.Client.ProcessAsync(Complaints.Theft);
        await stack.RestartAsync(kill: true);
        var journey = new Journey(stack.Client, created);

        Assert.Equal("awaiting_validation", (await journey.StatusAsync())["status"]);
        Assert.Equal(
            ["complaint_received", "transcript_drafted"],
            stack.Stores.Journal("SELECT kind FROM session_events ORDER BY seq", row => row.GetString(0))
        );
        (await stack.Client.ApproveAsync(journey.SessionId, "transcript_review")).RequireOk();
    }

    [Fact]
    [Trait("Defect", "D-06")]
    public async Task An_FIR_of_a_single_word_invents_nothing()
    {
        var journey = await Journey.BeginAsync(Client, "Test");
        var final = await journey.ApproveUntilAsync("final_review");

        var recorded = final.Json["content"]!["fields"]!.AsArray().Where(f => (bool)f!["recorded"]!).Select(f => f!["key"]!.ToString());
        string[] known =
        [
            "year",
            "fir_number",
            "fir_date",
            "information_received",
            "information_type",
            "first_information",
            "summary",
            "incident_description",
        ];
        Assert.Equal(known.Order(), recorded.Order());
    }

    [Fact]
    [Trait("Defect", "D-13")]
    public async Task Times_are_stored_in_UTC_and_stand_on_the_FIR_in_Indian_time()
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Theft, "final_review");
        var status = await journey.StatusAsync();

        var created = DateTimeOffset.Parse(status["created_at"], CultureInfo.InvariantCulture);
        var stored = shared.Stack.Stores.Journal(
            "SELECT created_at FROM session_rows WHERE session_id = $1",
            row => row.GetString(0),
            journey.SessionId
        );
        Assert.EndsWith("Z", Assert.Single(stored), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.Zero, created.Offset);
        var indian = created.ToOffset(new(5, 30, 0)).ToString("dd/MM/yyyy HH:mm 'IST'", CultureInfo.InvariantCulture);
        Assert.Equal(indian, Journey.Field(status, "information_received"));
    }

    [Fact]
    [Trait("Defect", "D-36")]
    [Trait("Defect", "D-37")]
    [Trait("Defect", "D-38")]
    public async Task G4_forty_complaints_and_ten_registrations_at_once_get_numbers_of_their_own_without_gaps()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        var created = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => stack.Client.ProcessAsync($"Complaint {n}")));
        var ready = await Task.WhenAll(
            created
                .Take(10)
                .Select(async reply =>
                {
                    var journey = new Journey(stack.Client, reply);
                    await journey.CompleteAsync();
                    return journey;
                })
        );

        var registered = await Task.WhenAll(ready.Select(journey => journey.RegisterAsync()));

        Assert.Equal(40, created.Select(reply => reply.RequireOk()["fir_number"]).Distinct().Count());
        Assert.Equal(40, stack.Stores.RegistryCount("fir_records"));
        Assert.Equal(Enumerable.Range(1, 10), registered.Select(reply => (int)reply.RequireOk().Json["receipt"]!["serial"]!).Order());
    }

    [Fact]
    [Trait("Defect", "D-15")]
    [Trait("Defect", "D-37")]
    public async Task An_FIR_is_registered_once_however_often_it_is_asked_for()
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Assault);
        await journey.CompleteAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => journey.RegisterAsync()));

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => Assert.Equal("already-finalized", reply.ProblemType));
        Assert.Equal(1, shared.Stack.Stores.RegistryCount($"fir_records WHERE session_id = '{journey.SessionId}'"));
    }

    [Fact]
    [Trait("Defect", "D-41")]
    public async Task From_the_final_review_on_no_earlier_step_is_drafted_again_and_after_registration_nothing_is()
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Theft, "final_review");
        var earlier = await Client.RegenerateAsync(journey.SessionId, "summary_review", "Too late");
        BadInputTests.AssertProblem(earlier, 409, "step-not-current", "final_review");
        await journey.CompleteAsync();
        var before = shared.Stack.Stores.Contents();

        var approved = await Client.ApproveAsync(journey.SessionId);
        var redrafted = await Client.RegenerateAsync(journey.SessionId, "final_review", "Too late");

        Assert.All([approved, redrafted], reply => BadInputTests.AssertProblem(reply, 409, "wrong-state", "completed"));
        Assert.Equal(before, shared.Stack.Stores.Contents());
        (await journey.RegisterAsync()).RequireOk();
        before = shared.Stack.Stores.Contents();
        Reply[] late =
        [
            await Client.ApproveAsync(journey.SessionId),
            await Client.CorrectAsync(journey.SessionId, "Too late"),
            await Client.RegenerateAsync(journey.SessionId, "final_review", "Too late"),
            await Client.PostAsync($"/session/{journey.SessionId}/resume"),
            await journey.RegisterAsync(),
        ];
        Assert.All(late, reply => Assert.Equal(409, reply.Status));
        Assert.Equal(before, shared.Stack.Stores.Contents());
    }

    [Fact]
    [Trait("Defect", "D-04")]
    [Trait("Defect", "D-23")]
    [Trait("Defect", "D-47")]
    public async Task Health_tells_the_truth_before_during_and_after_a_drain()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        var healthy = (await stack.Client.GetAsync("/health")).RequireOk();
        Assert.Equal(
            ("healthy", "connected", "sqlite", "358"),
            (healthy["status"], healthy["database"], healthy["session_persistence"], healthy["statute_sections"])
        );
        var before = stack.Stores.JournalCount("session_rows");
        (await stack.Client.PostAsync("/operations/drain")).RequireOk();

        var draining = await stack.Client.GetAsync("/health");
        var refused = await stack.Client.ProcessAsync("Nobody takes this");

        Assert.Equal((503, "unhealthy"), (draining.Status, draining["status"]));
        Assert.Contains("draining", draining["reasons"], StringComparison.Ordinal);
        Assert.Equal(200, (await stack.Client.GetAsync("/alive")).Status);
        Assert.Equal((503, "draining"), (refused.Status, refused.ProblemType));
        Assert.NotEmpty(refused.Headers["Retry-After"]);
        Assert.Equal(before, stack.Stores.JournalCount("session_rows"));
        (await stack.Client.PostAsync("/operations/resume")).RequireOk();
        Assert.Equal("healthy", (await stack.Client.GetAsync("/health")).RequireOk()["status"]);
        (await stack.Client.ProcessAsync("Somebody takes this")).RequireOk();
    }

    [Fact]
    [Trait("Defect", "D-48")]
    public async Task Metrics_are_Prometheus_text_or_JSON_as_asked()
    {
        (await Client.ProcessAsync("Counted")).RequireOk();

        var text = (await Client.GetAsync("/metrics")).RequireOk();
        var json = (await Client.GetAsync("/metrics", "application/json")).RequireOk();

        Assert.StartsWith("text/plain", text.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("# TYPE afirgen_", text.Text, StringComparison.Ordinal);
        Assert.Contains("afirgen_ack_missing_total", text.Text, StringComparison.Ordinal);
        Assert.StartsWith("application/json", json.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.True((long)json.Json["sessions"]!["recent_hour"]![0]!["count"]! > 0);
        Assert.Equal("0", json["acknowledged_missing"]);
    }

    [Fact]
    [Trait("Defect", "D-39")]
    public async Task Every_setting_that_the_guarantee_needs_is_read_back_from_the_live_connections()
    {
        var report = (await Client.GetAsync("/durability")).RequireOk();

        Assert.Contains("synchronous", report.Text, StringComparison.Ordinal);
        var settings = report.Json["settings"]!.AsArray();
        Assert.NotEmpty(settings);
        Assert.All(settings, setting => Assert.True((bool)setting!["ok"]!, setting.ToJsonString()));
    }
}
