using AfirGen.AppHost;
using AfirGen.Tests.Registry;
using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.AppHost;

/// <summary>What the dashboard's commands do, on the real service. The orchestrator is the only part that is not there.</summary>
[Collection(MySqlTests.Name)]
public sealed class OperatorClientTests(MySqlServer server)
{
    private const string ApiKey = "operators-key";
    private const int Slow = 4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task G5_drain_and_restart_completes_every_request_in_flight_before_it_restarts()
    {
        await using var desk = await SlowDesk.OpenAsync(EmbeddedStack.Prepared(WithKey()), Slow);
        var stack = desk.Stack;
        var answersAtRestart = new List<int>();

        var command = Operator(stack)
            .DrainAndRestartAsync(
                async _ =>
                {
                    answersAtRestart.Add(desk.Answers.IsCompletedSuccessfully ? desk.Answers.Result.Length : 0);
                    await stack.RestartAsync();
                    return new(true, "");
                },
                Cancellation
            );
        await Eventually.TrueAsync(async () => (await stack.Client.GetAsync("/health")).Status == 503, "the service drains");
        Assert.Equal("draining", (await stack.Client.ProcessAsync("Too late")).ProblemType);
        Assert.False(command.IsCompleted);
        desk.Release();

        var outcome = await command;
        Assert.True(outcome.Success, outcome.Text);
        Assert.Equal([Slow], answersAtRestart); // once, and after all of them
        Assert.All(await desk.Answers, answer => Assert.Equal(200, answer.Status));
        Assert.Contains($"{Slow} in flight, 0 cancelled", outcome.Text, StringComparison.Ordinal);
        (await stack.Client.ProcessAsync("After it")).RequireOk();
    }

    [Fact]
    public async Task G8_a_drain_whose_flush_fails_is_not_followed_by_a_restart_and_the_service_takes_requests_again()
    {
        await using var stack = await EmbeddedStack.StartAsync(WithKey());
        (await stack.Client.ProcessAsync("Before")).RequireOk();
        using var reader = new LongReader(stack.Stores);
        (await stack.Client.ProcessAsync("Written behind the reader")).RequireOk();
        var restarts = 0;

        var outcome = await Operator(stack)
            .DrainAndRestartAsync(
                _ =>
                {
                    restarts++;
                    return Task.FromResult(new CommandOutcome(true, ""));
                },
                Cancellation
            );

        Assert.Equal((false, 0), (outcome.Success, restarts));
        Assert.StartsWith("Not restarted", outcome.Text, StringComparison.Ordinal);
        (await stack.Client.ProcessAsync("After")).RequireOk();
    }

    [Fact]
    public async Task A_restart_that_fails_is_reported_as_one()
    {
        await using var stack = await EmbeddedStack.StartAsync(WithKey());

        var outcome = await Operator(stack).DrainAndRestartAsync(_ => Task.FromResult(new CommandOutcome(false, "it hangs")), Cancellation);

        Assert.False(outcome.Success);
        Assert.Contains("it hangs", outcome.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G7_verify_durability_and_show_settings_tell_a_durable_MySQL_from_one_that_is_not()
    {
        await using var stack = await ContainerStack.StartAsync(server, WithKey());
        var root = server.RootConnectionString();
        Assert.True((await Operator(stack).VerifyDurabilityAsync(Cancellation)).Success);
        var shown = await MySqlSettings.ShowAsync(root, Cancellation);
        Assert.True(shown.Success, shown.Text);
        Assert.Contains("innodb_flush_log_at_trx_commit = 1", shown.Text, StringComparison.Ordinal);

        await server.ExecuteAsync("SET GLOBAL sync_binlog = 0");
        try
        {
            var durability = await Operator(stack).VerifyDurabilityAsync(Cancellation);
            Assert.False(durability.Success);
            Assert.Contains("sync_binlog is 0, wanted 1", durability.Text, StringComparison.Ordinal);
            shown = await MySqlSettings.ShowAsync(root, Cancellation);
            Assert.False(shown.Success);
            Assert.Contains("sync_binlog = 0 (wanted 1)", shown.Text, StringComparison.Ordinal);
        }
        finally
        {
            await server.ExecuteAsync("SET GLOBAL sync_binlog = 1");
        }
    }

    [Fact]
    public async Task G6_verify_ledger_walks_all_pages_and_names_the_position_that_is_wrong()
    {
        await using var stack = await EmbeddedStack.StartAsync(WithKey());
        for (var i = 0; i < 3; i++)
        {
            await Journeys.RegisterAsync(stack.Client);
        }

        var whole = await Operator(stack, recordsAPage: 2).VerifyLedgerAsync(Cancellation);
        Assert.True(whole.Success, whole.Text);
        Assert.Contains("3 registered FIRs", whole.Text, StringComparison.Ordinal);

        Stores.Tamper(
            stack.Stores.RegistryFile,
            "DROP TRIGGER finalized_records_never_change; UPDATE fir_records SET fir_content = fir_content || ' ' WHERE ledger_position = 3"
        );

        var broken = await Operator(stack, recordsAPage: 2).VerifyLedgerAsync(Cancellation);
        Assert.False(broken.Success);
        Assert.Contains("BROKEN at position 3", broken.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_to_a_service_that_is_away_or_wants_another_key_fails_with_the_reason()
    {
        await using var stack = await EmbeddedStack.StartAsync(WithKey());
        var stranger = new OperatorClient(() => stack.Api.Address, _ => Task.FromResult<string?>("another-key"));
        Assert.Contains("401", (await stranger.VerifyDurabilityAsync(Cancellation)).Text, StringComparison.Ordinal);

        await stack.KillApiAsync();

        var outcome = await Operator(stack).VerifyLedgerAsync(Cancellation);
        Assert.False(outcome.Success);
        Assert.Contains("refused", outcome.Text, StringComparison.Ordinal);
        Assert.False((await MySqlSettings.ShowAsync("Server=127.0.0.1;Port=9;Connect Timeout=1", Cancellation)).Success);
    }

    private static Dictionary<string, string> WithKey() => new() { ["AfirGen:ApiKey"] = ApiKey };

    private static OperatorClient Operator(TestStack stack, int recordsAPage = 1000) =>
        new(() => stack.Api.Address, _ => Task.FromResult<string?>(ApiKey)) { RecordsAPage = recordsAPage };
}
