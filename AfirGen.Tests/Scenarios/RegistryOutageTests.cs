using AfirGen.Tests.History;
using AfirGen.Tests.Registry;
using AfirGen.Tests.Stack;
using MySqlConnector;

namespace AfirGen.Tests.Scenarios;

/// <summary>MySQL away, stuck or refusing while officers work: nothing waits for it that need not, and nothing is lost.</summary>
public sealed class RegistryOutageTests(MySqlServer server) : IClassFixture<MySqlServer>
{
    private const int Clients = 8;
    private const double SecondsGone = 20;

    [Theory]
    [InlineData("stopped")]
    [InlineData("killed")]
    [InlineData("frozen")]
    [InlineData("read-only")]
    [InlineData("out of connections")]
    public Task G1_intake_and_review_go_on_and_all_is_delivered_afterwards_when_MySQL_is(string kind) =>
        WorkGoesOnAsync(server, () => RegistryOutage.BeginAsync(kind, server), Complaints.Cheating);

    /// <param name="complaint">Taken in during the outage.</param>
    internal static async Task WorkGoesOnAsync(MySqlServer server, Func<Task<RegistryOutage>> begin, string complaint)
    {
        await using var stack = await ContainerStack.StartAsync(server);
        var ready = await Journey.BeginAsync(stack.Client, Complaints.Theft);
        await ready.CompleteAsync();
        await stack.DeliveredAsync();
        Reply taken;
        Reply refused;
        await using (var outage = await begin())
        {
            taken = (await stack.Client.ProcessAsync(complaint)).RequireOk();
            Assert.Equal("journal", taken.Headers["X-Durability"]);
            var reviewed = (await stack.Client.ApproveAsync(taken["session_id"])).RequireOk();
            Assert.Equal("summary_review", reviewed["current_step"]);

            refused = await ready.RegisterAsync("while-away");
            Assert.True((refused.Status, refused.ProblemType) is (503, "registry-unavailable") or (504, "outcome-unknown"), refused.Text);
            if (refused.Status == 503)
            {
                Assert.True(int.Parse(refused.Headers["Retry-After"]) > 0);
                Assert.Equal("not_done", (await stack.Client.GetAsync("/operations/while-away"))["outcome"]);
            }

            var health = await Eventually.SeesAsync(
                () => stack.Client.GetAsync("/health"),
                seen => seen.Status == 200 && seen["status"] == "degraded" && seen["database"] == "disconnected"
            );
            Assert.Contains(Journey.Strings(health.Json["reasons"]), reason => reason.Contains(outage.Reason, StringComparison.Ordinal));
        }

        await stack.DeliveredAsync(TimeSpan.FromSeconds(90)); // by itself: nobody restarts the service or tells it anything

        if (refused.Status == 504)
        {
            Assert.Equal("done", (await stack.Client.GetAsync("/operations/while-away"))["outcome"]);
        }

        (await ready.RegisterAsync("while-away")).RequireOk();
        await Journeys.RegisterAsync(stack.Client, Complaints.Assault);
        var serials = stack.Stores.Registry(
            "SELECT registration_serial FROM fir_records WHERE status = 'finalized' ORDER BY 1",
            row => row.GetInt64(0)
        );
        Assert.Equal([1L, 2L], serials);
        Assert.Equal(1, stack.Stores.RegistryCount($"fir_records WHERE session_id = '{taken["session_id"]}'"));
        Assert.Equal("healthy", (await stack.Client.GetAsync("/health"))["status"]);
    }

    [Fact]
    public async Task The_breaker_opens_on_a_dead_MySQL_and_the_operators_routes_close_it_only_as_they_promise()
    {
        await using var stack = await ContainerStack.StartAsync(server);
        await using (await RegistryOutage.BeginAsync("killed", server))
        {
            (await stack.Client.ProcessAsync(Complaints.Theft)).RequireOk();
            await BreakerIsAsync(stack, "open");

            var reset = (await stack.Client.PostAsync("/reliability/circuit-breaker/database/reset")).RequireOk();
            Assert.Equal("true", reset["success"]);
            await BreakerIsAsync(stack, "open"); // again: nothing has changed, and the next calls find out
            var inVain = (await stack.Client.PostAsync("/reliability/auto-recovery/database/trigger")).RequireOk();
            Assert.Equal("false", inVain["success"]);
            await BreakerIsAsync(stack, "open"); // a recovery that found nothing closes nothing
        }

        var recovered = (await stack.Client.PostAsync("/reliability/auto-recovery/database/trigger")).RequireOk();
        Assert.Equal("true", recovered["success"]);
        await BreakerIsAsync(stack, "closed");
        await stack.DeliveredAsync();
        Assert.Equal(1, stack.Stores.RegistryCount("fir_records"));
    }

    [Fact]
    public async Task G1_MySQL_restarted_between_the_journals_commit_and_the_delivery_gets_the_complaint()
    {
        await using var stack = await ContainerStack.StartAsync(server);
        Reply taken;
        await using (var locks = new MySqlConnection(server.RootConnectionString() + ";Pooling=false"))
        {
            await locks.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new MySqlCommand("FLUSH TABLES WITH READ LOCK", locks);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            taken = (await stack.Client.ProcessAsync(Complaints.Theft)).RequireOk();
            Assert.Equal("journal", taken.Headers["X-Durability"]);
            Assert.Equal(0, stack.Stores.RegistryCount("fir_records"));
            await server.KillAsync();
        }

        await server.StartAsync();
        await stack.DeliveredAsync();
        Assert.Equal(1, stack.Stores.RegistryCount($"fir_records WHERE session_id = '{taken["session_id"]}'"));
    }

    [Fact]
    public async Task G5_a_stop_while_MySQL_is_frozen_ends_in_time_with_exit_code_1_and_the_next_start_delivers()
    {
        await using var stack = await ContainerStack.StartAsync(server);
        Reply taken;
        await using (await RegistryOutage.BeginAsync("frozen", server))
        {
            taken = (await stack.Client.ProcessAsync(Complaints.Theft)).RequireOk();
            var told = System.Diagnostics.Stopwatch.StartNew();
            Assert.Equal(1, await stack.StopApiAsync());
            Assert.True(told.Elapsed < TimeSpan.FromSeconds(45), $"the stop took {told.Elapsed}");
        }

        Assert.Contains(stack.Api.Log, line => line.Contains("Failed to flush database tables", StringComparison.Ordinal));
        Assert.Contains(stack.Api.Log, line => line.Contains("Session database flushed to disk", StringComparison.Ordinal));
        Assert.DoesNotContain(stack.Api.Log, line => line.Contains("All data successfully persisted", StringComparison.Ordinal));
        await stack.StartApiAsync();
        await stack.DeliveredAsync();
        Assert.Equal(1, stack.Stores.RegistryCount($"fir_records WHERE session_id = '{taken["session_id"]}'"));
    }

    [Fact]
    public async Task G1_a_service_that_starts_before_MySQL_drafts_at_once_and_delivers_when_MySQL_comes()
    {
        await using var stack = await ContainerStack.PreparedAsync(server);
        Reply taken;
        await using (await RegistryOutage.BeginAsync("stopped", server))
        {
            await stack.StartApiAsync();
            taken = (await stack.Client.ProcessAsync(Complaints.Theft)).RequireOk();
            Assert.Equal("journal", taken.Headers["X-Durability"]);
            var health = await stack.Client.GetAsync("/health");
            Assert.Equal((200, "degraded"), (health.Status, health["status"]));
        }

        await stack.DeliveredAsync();
        Assert.Equal(1, stack.Stores.RegistryCount($"fir_records WHERE session_id = '{taken["session_id"]}'"));
        await Journeys.RegisterAsync(stack.Client, Complaints.Assault);
    }

    [Fact]
    public async Task G1_nothing_acknowledged_is_lost_when_MySQL_is_gone_for_a_while_under_load()
    {
        await using var stack = await ContainerStack.StartAsync(server);
        await using var day = WorkingDay.Begin(stack, Clients);
        await day.SendsAsync(50);
        await using (await RegistryOutage.BeginAsync("killed", server))
        {
            // The officers may all be at a registration, of which nothing waits while the registry is known to be away.
            var complaint = new Request("outage-1", RequestKind.Process, null, null, $"{Complaints.Theft}\nReference outage-1.");
            Assert.Equal(Verdict.Ok, (await day.History.AttemptAsync(complaint, r => Officer.SendAsync(stack.Client, r))).Verdict);
            await Eventually.TrueAsync(
                async () =>
                    (double)(await stack.Client.GetAsync("/durability")).RequireOk().Json["outbox"]!["oldest_age_seconds"]! > SecondsGone,
                $"something has waited for {SecondsGone} s",
                TimeSpan.FromSeconds(90)
            );
        }

        await day.SendsAsync(50); // it is back, and the service has not noticed yet
        day.Down();
        await day.RequireNothingLostAsync("after the outage");
        day.Up();
        await day.EndAsync();
    }

    private static Task BreakerIsAsync(ContainerStack stack, string state) =>
        Eventually.TrueAsync(
            async () =>
                (await stack.Client.GetAsync("/reliability")).RequireOk().Json["circuit_breakers"]!["database"]!["state"]!.ToString()
                == state,
            $"the breaker is {state}"
        );
}
