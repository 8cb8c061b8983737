using System.Diagnostics;
using AfirGen.Tests.History;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>A stop that cuts nobody: who was let in is answered, who comes later is told when to come back.</summary>
public sealed class DrainTests
{
    private const int Slow = 8;
    private const int Late = 50;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BeyondTheLimit = TimeSpan.FromSeconds(5);

    private static readonly string[] FlushLines =
    [
        $"Graceful shutdown initiated. Active requests: {Slow}",
        "All requests completed, shutting down",
        "Flushing all pending data to disk...",
        "Session database flushed to disk",
        "Session data flushed",
        "Database tables flushed to disk",
        "MySQL data flushed",
        "All data successfully persisted to disk",
        "Clean stop",
    ];

    [Fact]
    [Trait("Defect", "D-20")]
    [Trait("Defect", "D-21")]
    [Trait("Defect", "D-22")]
    [Trait("Defect", "D-23")]
    public async Task G5_slow_requests_complete_and_late_ones_are_refused()
    {
        await using var desk = await SlowDesk.OpenAsync(EmbeddedStack.Prepared(), Slow);
        var stack = desk.Stack;

        stack.Api.Signal(ApiProcess.SigTerm);
        await stack.Api.WaitForLogAsync(FlushLines[0]);
        var late = await Task.WhenAll(Enumerable.Range(0, Late).Select(i => stack.Client.ProcessAsync("Too late", $"late-{i}")));
        await RequireDrainingAsync(stack.Client);
        Assert.False(stack.Api.HasExited); // the refusals have not counted the slow ones out (D-22)
        desk.Release();

        Assert.All(await desk.Answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(0, await stack.Api.WaitForExitAsync());
        Assert.All(late, answer => Assert.Equal((503, "draining"), (answer.Status, answer.ProblemType)));
        Assert.All(late, answer => Assert.True(int.Parse(answer.Headers["Retry-After"]) > 0));
        RequireInOrder(stack.Api.Log, FlushLines);
        Assert.False(File.Exists(Path.Combine(stack.DataFolder, "running")));
        Assert.Equal(0, new FileInfo(stack.Stores.JournalFile + "-wal") is { Exists: true } wal ? wal.Length : 0);

        await stack.StartApiAsync();
        Assert.Contains(stack.Api.Log, line => line.Contains("the last run stopped cleanly", StringComparison.Ordinal));
        Assert.Equal(Slow, stack.Stores.JournalCount("session_rows"));
        Assert.Equal(Slow * 2, stack.Stores.JournalCount("idempotency")); // none of the late ones left anything
    }

    /// <summary>P12 as well: neither a second SIGTERM nor an interrupt shortens a drain or starts it again.</summary>
    [Fact]
    [Trait("Defect", "D-24")]
    [Trait("Defect", "D-25")]
    public async Task G5_a_request_that_outlasts_the_limit_is_cancelled_without_effect_however_often_the_service_is_told()
    {
        await using var desk = await SlowDesk.OpenAsync(
            EmbeddedStack.Prepared(
                new Dictionary<string, string> { ["Drain:DrainTimeout"] = $"{Limit}", ["Drain:CancellationGrace"] = "00:00:01" }
            ),
            1
        );
        var stack = desk.Stack;
        var told = Stopwatch.StartNew();

        stack.Api.Signal(ApiProcess.SigTerm);
        await stack.Api.WaitForLogAsync("Graceful shutdown initiated. Active requests: 1");
        stack.Api.Signal(ApiProcess.SigTerm);
        stack.Api.Signal(ApiProcess.SigInt);
        await RequireDrainingAsync(stack.Client);
        await stack.Api.WaitForLogAsync("Shutdown timeout reached with 1 requests still active");
        Assert.True(told.Elapsed >= Limit, $"cancelled after {told.Elapsed} already");

        var answer = Assert.Single(await desk.Answers);
        Assert.Equal((503, "cancelled-by-drain"), (answer.Status, answer.ProblemType));
        Assert.Equal(0, await stack.Api.WaitForExitAsync());
        Assert.True(told.Elapsed < Limit + BeyondTheLimit, $"it took {told.Elapsed}");
        Assert.Single(stack.Api.Log, line => line.Contains("Graceful shutdown initiated", StringComparison.Ordinal));
        Assert.Contains(stack.Api.Log, line => line.Contains("Unfinished at the drain deadline: POST /validate", StringComparison.Ordinal));

        desk.Release();
        await stack.StartApiAsync();
        Assert.Equal("not_done", (await stack.Client.GetAsync("/operations/approve-0"))["outcome"]);
        Assert.Equal("\"v4\"", (await desk.ApproveAsync(0)).RequireOk().Headers["ETag"]); // one effect, now
    }

    [Fact]
    [Trait("Defect", "D-22")]
    public async Task G5_a_second_signal_does_not_cut_the_request_that_the_first_one_waits_for()
    {
        await using var desk = await SlowDesk.OpenAsync(EmbeddedStack.Prepared(), 1);
        desk.Stack.Api.Signal(ApiProcess.SigTerm);
        await desk.Stack.Api.WaitForLogAsync("Graceful shutdown initiated. Active requests: 1");
        desk.Stack.Api.Signal(ApiProcess.SigInt);
        desk.Stack.Api.Signal(ApiProcess.SigTerm);
        await RequireDrainingAsync(desk.Stack.Client); // still there after the second and the third
        desk.Release();

        Assert.Equal(200, Assert.Single(await desk.Answers).Status);
        Assert.Equal(0, await desk.Stack.Api.WaitForExitAsync());
    }

    [Fact]
    public async Task G5_an_operator_drains_resumes_and_stops()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        (await stack.Client.ProcessAsync("Before the drain")).RequireOk();

        var report = (await stack.Client.PostAsync("/operations/drain")).RequireOk();
        Assert.Equal("clean", report["outcome"]);
        await RequireDrainingAsync(stack.Client);
        Assert.Equal("draining", (await stack.Client.ProcessAsync("While drained")).ProblemType);
        (await stack.Client.PostAsync("/operations/resume")).RequireOk();
        (await stack.Client.ProcessAsync("After the drain")).RequireOk();
        (await stack.Client.GetAsync("/health")).RequireOk();

        (await stack.Client.PostAsync("/operations/drain")).RequireOk();
        Assert.Equal(0, await stack.StopApiAsync()); // a stop in a drain
        Assert.False(File.Exists(Path.Combine(stack.DataFolder, "running")));
        Assert.Equal(2, stack.Stores.RegistryCount("fir_records"));
    }

    /// <summary>Somebody reads the journal with a tool and keeps the log from being emptied.</summary>
    [Fact]
    [Trait("Defect", "D-26")]
    public async Task G8_a_flush_that_fails_is_reported_and_loses_nothing()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        var history = new OperationHistory();
        await TakeInAsync(history, stack, "first");
        using var reader = new LongReader(stack.Stores);
        await TakeInAsync(history, stack, "second");

        Assert.Equal(1, await stack.StopApiAsync());

        Assert.Contains(stack.Api.Log, line => line.Contains("Failed to flush session database", StringComparison.Ordinal));
        Assert.DoesNotContain(stack.Api.Log, line => line.Contains("Session database flushed to disk", StringComparison.Ordinal));
        Assert.DoesNotContain(stack.Api.Log, line => line.Contains("All data successfully persisted", StringComparison.Ordinal));
        // One failed step skips no other one.
        Assert.Contains(stack.Api.Log, line => line.Contains("Database tables flushed to disk", StringComparison.Ordinal));
        await stack.StartApiAsync();
        Assert.Empty(HistoryChecker.Check(history.Operations, StoreView.Read(stack.Stores), settled: true));
    }

    private static async Task TakeInAsync(OperationHistory history, EmbeddedStack stack, string text) =>
        (
            await history.AttemptAsync(new(text, RequestKind.Process, null, null, text), r => Officer.SendAsync(stack.Client, r))
        ).Answer!.RequireOk();

    /// <summary>Readiness says no, with the reason, and liveness says yes.</summary>
    private static async Task RequireDrainingAsync(ApiClient client)
    {
        var health = await client.GetAsync("/health");
        Assert.Equal((503, "unhealthy"), (health.Status, health["status"]));
        Assert.Contains("draining", health.Json["reasons"]!.AsArray().Select(reason => reason!.ToString()));
        Assert.Equal(200, (await client.GetAsync("/alive")).Status);
    }

    private static void RequireInOrder(IReadOnlyList<string> log, string[] wanted)
    {
        var at = wanted.Select(text => log.TakeWhile(line => !line.Contains(text, StringComparison.Ordinal)).Count()).ToList();
        Assert.True(
            at.Max() < log.Count && at.SequenceEqual(at.Order()),
            $"{string.Join(',', at)} of {log.Count} lines\n{string.Join('\n', log)}"
        );
    }
}
