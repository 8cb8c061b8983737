using AfirGen.Tests.Chat;
using AfirGen.Tests.History;
using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.AppHost.Aspire;

/// <summary>What only an orchestrator does: stop with a short patience, run the dashboard's commands, go and come back.</summary>
[Collection(AspireTests.Name)]
public sealed class OrchestratorTests
{
    private const int Clients = 8;
    private const int Slow = 4;

    /// <summary>SIGTERM, and SIGKILL long before the drain has ended: it waits for requests that take their time.</summary>
    [Fact]
    public async Task G1_a_stop_under_load_that_kills_in_the_middle_of_the_drain_loses_nothing()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = 0;
        await using var model = await FakeOpenAiServer.StartAsync();
        await using var stack = AspireStack.Prepared();
        stack.Settings["AfirGen:ChatModel:Endpoint"] = model.ChatEndpoint.ToString();
        stack.Settings["AfirGen:ChatModel:Model"] = "stand-in";
        await stack.StartApiAsync();
        await using var day = WorkingDay.Begin(stack, Clients);
        await day.SendsAsync(60);
        model.Respond = _ =>
        {
            Interlocked.Increment(ref waiting);
            return FakeAnswer.SaysAfter(release, "An answer that took its time.");
        };
        await Eventually.TrueAsync(() => Volatile.Read(ref waiting) > 0, "a request is in flight");

        day.Down();
        Assert.NotEqual(0, await stack.StopApiAsync());
        await day.QuietAsync();
        release.SetResult();
        Assert.Contains(
            day.History.Operations.SelectMany(operation => operation.Attempts),
            attempt => attempt.Verdict == Verdict.Unknown // cut: the drain was killed indeed
        );

        await stack.StartApiAsync();
        await day.RequireNothingLostAsync("after the stop that killed");
        day.Up();
        await day.EndAsync();
        Assert.Empty(stack.RegistryDamage());
    }

    [Fact]
    public async Task G5_drain_and_restart_completes_every_request_in_flight()
    {
        await using var desk = await SlowDesk.OpenAsync(AspireStack.Prepared(), Slow);
        var stack = (AspireStack)desk.Stack;
        var before = stack.ServicePid;

        var command = stack.ExecuteAsync("drain-and-restart");
        await Eventually.TrueAsync(async () => (await stack.Client.GetAsync("/health")).Status == 503, "the service drains");
        Assert.Equal("draining", (await stack.Client.ProcessAsync("Too late")).ProblemType);
        Assert.False(command.IsCompleted);
        desk.Release();

        Assert.All(await desk.Answers, answer => Assert.Equal(200, answer.Status));
        var result = await command;
        Assert.True(result.Success);
        await stack.RestartedAsync(before);
        Assert.Contains(stack.ApiLog, line => line.Contains("the last run stopped cleanly", StringComparison.Ordinal));
        Assert.Equal(Slow, stack.Stores.JournalCount("session_rows"));
        await stack.DeliveredAsync();
        Assert.Equal(Slow, stack.Stores.RegistryCount("fir_records"));
    }

    [Fact]
    public async Task G1_an_application_that_is_stopped_and_started_again_finds_everything_in_the_container_that_stayed()
    {
        await using var stack = AspireStack.Prepared();
        await stack.StartApiAsync();
        await using var day = WorkingDay.Begin(stack, Clients);
        await day.SendsAsync(60);
        var container = await stack.ContainerIdAsync();

        day.Down();
        await day.QuietAsync();
        await stack.RestartAppHostAsync();

        Assert.Equal(container, await stack.ContainerIdAsync());
        Assert.EndsWith(" true", container, StringComparison.Ordinal);
        await day.RequireNothingLostAsync("after the application was started again");
        day.Up();
        await day.EndAsync();
    }

    [Fact]
    public async Task The_verifying_commands_tell_the_truth()
    {
        await using var stack = AspireStack.Prepared();
        await stack.StartApiAsync();
        await Journeys.RegisterAsync(stack.Client);

        foreach (var name in (string[])["verify-durability", "verify-ledger"])
        {
            var result = await stack.ExecuteAsync(name);
            Assert.True(result.Success, $"{name} failed");
        }
    }
}
