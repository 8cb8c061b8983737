using System.Collections.Concurrent;
using AfirGen.ServiceDefaults.Draining;
using AfirGen.Tests.Stack;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AfirGen.Tests.Draining;

public sealed class DrainCoordinatorTests
{
    private const string Persisted = "✅ All data successfully persisted to disk";

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task An_idle_service_stops_at_once()
    {
        using var bench = new DrainBench();
        await bench.StopAsync().WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                "Drain requested: host is stopping",
                "Graceful shutdown initiated. Active requests: 0",
                "No active requests, shutting down immediately",
                "Flushing all pending data to disk...",
                Persisted,
            ],
            bench.Log.Lines
        );
        Assert.Equal(0, bench.ExitCode);
        Assert.Equal(DrainState.Stopping, bench.Drain.Status.State);
        Assert.Equal(DrainOutcome.Clean, bench.Drain.Status.LastReport!.Outcome);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    [Trait("Defect", "D-22")]
    public async Task G5_the_flush_begins_only_after_the_last_request_in_flight_has_ended()
    {
        var ran = new ConcurrentQueue<string>();
        using var bench = new DrainBench(b => b.Services.AddSingleton<IFlushOnShutdown>(new RecordedStep("journal", 1, ran)));
        var (endFirst, first) = bench.Start();
        var (endSecond, second) = bench.Start();
        var stop = bench.StopAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(503, (await bench.SendAsync(_ => Task.CompletedTask)).Response.StatusCode);
        }

        Assert.Equal(2, bench.InFlight.Count);
        endFirst.SetResult();
        Assert.Equal(200, (await first).Response.StatusCode);
        Assert.False(stop.IsCompleted);
        Assert.Empty(ran);

        endSecond.SetResult();
        Assert.Equal(200, (await second).Response.StatusCode);
        await stop.WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(["journal"], ran);
        Assert.Contains("Waiting for 2 active requests to complete...", bench.Log.Lines);
        Assert.Contains("All requests completed, shutting down", bench.Log.Lines);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    [Trait("Defect", "D-25")]
    public async Task A_request_that_outlasts_the_drain_is_cancelled_counted_and_named_before_the_flush_and_no_success_is_claimed()
    {
        var ran = new ConcurrentQueue<string>();
        Task? request = null;
        using var bench = new DrainBench(b =>
            b.Services.AddSingleton<IFlushOnShutdown>(
                new RecordedStep(
                    "journal",
                    1,
                    ran,
                    _ => request!.IsCompleted ? Task.CompletedTask : throw new InvalidOperationException("early")
                )
            )
        );
        var context = new DefaultHttpContext { TraceIdentifier = "slow-1" };
        context.Request.Method = "POST";
        context.Request.Path = "/process";
        var answer = bench.SendAsync(context, c => Task.Delay(Timeout.Infinite, c.RequestAborted));
        request = answer;

        var stop = bench.StopAsync();
        bench.Clock.Advance(bench.Options.DrainTimeout - TimeSpan.FromTicks(1));
        Assert.False(answer.IsCompleted);
        bench.Clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(503, (await answer.WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken)).Response.StatusCode);
        await stop.WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);
        var report = bench.Drain.Status.LastReport!;
        Assert.Equal((1, 1, 0), (report.ActiveAtStart, report.Cancelled, report.Abandoned));
        Assert.Equal(DrainOutcome.Timeout, report.Outcome);
        Assert.True(report.Flushed, report.Steps[0].Error);
        Assert.Equal(0, bench.ExitCode);
        var warnings = bench.Log.At(LogLevel.Warning).ToArray();
        Assert.Contains("Shutdown timeout reached with 1 requests still active. Cancelling them.", warnings);
        Assert.Contains("Unfinished at the drain deadline: POST /process (slow-1)", warnings);
        Assert.DoesNotContain("All requests completed, shutting down", bench.Log.Lines);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    [Trait("Defect", "D-25")]
    public async Task A_request_that_ignores_its_cancellation_is_abandoned_after_the_grace_and_the_exit_code_says_so()
    {
        var ran = new ConcurrentQueue<string>();
        using var bench = new DrainBench(b => b.Services.AddSingleton<IFlushOnShutdown>(new RecordedStep("journal", 1, ran)));
        var (end, answer) = bench.Start(heedsCancellation: false);
        var deadlineSeen = new TaskCompletionSource();
        bench.Signal.Deadline.Register(deadlineSeen.SetResult);

        var stop = bench.StopAsync();
        bench.Clock.Advance(bench.Options.DrainTimeout);
        await deadlineSeen.Task.WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);
        Assert.False(stop.IsCompleted);
        // In small steps: the grace begins on another thread, so one big step could come before it.
        using var patience = new CancellationTokenSource(DrainBench.Patience);
        while (!bench.Log.At(LogLevel.Error).Any())
        {
            patience.Token.ThrowIfCancellationRequested();
            bench.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await stop.WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);

        Assert.Equal(["journal"], ran);
        Assert.Equal(1, bench.Drain.Status.LastReport!.Abandoned);
        Assert.Equal(1, bench.ExitCode);
        Assert.Contains(bench.Log.At(LogLevel.Error), line => line.StartsWith("1 requests ignored", StringComparison.Ordinal));
        end.SetResult();
        await answer;
        Assert.Equal(0, bench.InFlight.Count);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    [Trait("Defect", "D-24")]
    public async Task A_second_signal_neither_shortens_nor_restarts_the_drain()
    {
        var ran = new ConcurrentQueue<string>();
        using var bench = new DrainBench(b => b.Services.AddSingleton<IFlushOnShutdown>(new RecordedStep("journal", 1, ran)));
        var (_, answer) = bench.Start();
        var stop = bench.StopAsync();
        bench.Clock.Advance(bench.Options.DrainTimeout / 2);
        var second = bench.StopAsync();
        var operatorsDrain = bench.Drain.DrainAsync("operator");
        Assert.Same(stop, second);
        Assert.Same(stop, operatorsDrain);
        Assert.False(answer.IsCompleted);

        bench.Clock.Advance(bench.Options.DrainTimeout / 2);
        await stop.WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(503, (await answer).Response.StatusCode);
        Assert.Equal(["journal"], ran);
        Assert.Single(bench.Log.Lines, line => line.StartsWith("Graceful shutdown initiated", StringComparison.Ordinal));
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task A_cancellation_callback_that_throws_is_reported_and_holds_up_neither_the_other_requests_nor_the_flush()
    {
        var ran = new ConcurrentQueue<string>();
        using var bench = new DrainBench(b => b.Services.AddSingleton<IFlushOnShutdown>(new RecordedStep("journal", 1, ran)));
        await using var broken = bench.Signal.Deadline.Register(() => throw new InvalidOperationException("a callback of somebody"));
        var (_, answer) = bench.Start();

        var stop = bench.StopAsync();
        bench.Clock.Advance(bench.Options.DrainTimeout);
        await stop.WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);

        Assert.Equal(503, (await answer).Response.StatusCode);
        Assert.Equal(["journal"], ran);
        await Eventually.TrueAsync(
            () => bench.Log.At(LogLevel.Error).Contains("A cancellation callback of a request failed; the drain goes on"),
            "the callback's failure is logged"
        );
    }
}
