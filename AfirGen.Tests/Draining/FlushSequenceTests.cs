using System.Collections.Concurrent;
using AfirGen.ServiceDefaults.Draining;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AfirGen.Tests.Draining;

public sealed class FlushSequenceTests
{
    private readonly ConcurrentQueue<string> _ran = new();

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task Steps_run_by_order_whatever_the_order_of_registration()
    {
        using var bench = Bench(Step("mysql", 30), Step("outbox", 10), Step("journal", 20), Step("journal-marker", 20));
        await bench.StopAsync();
        Assert.Equal(["outbox", "journal", "journal-marker", "mysql"], _ran);
        Assert.Equal(_ran, bench.Drain.Status.LastReport!.Steps.Select(step => step.Name));
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    [Trait("Defect", "D-26")]
    public async Task A_step_that_fails_skips_no_other_and_is_never_reported_as_success()
    {
        using var bench = Bench(
            Step("outbox", 1, _ => throw new InvalidOperationException("at once")),
            Step("journal", 2),
            Step(
                "mysql",
                3,
                async _ =>
                {
                    await Task.Yield();
                    throw new OperationCanceledException("later");
                }
            ),
            Step("marker", 4)
        );
        await bench.StopAsync();

        Assert.Equal(["outbox", "journal", "mysql", "marker"], _ran);
        var report = bench.Drain.Status.LastReport!;
        Assert.Equal(["at once", null, "later", null], report.Steps.Select(step => step.Error));
        Assert.Equal(DrainOutcome.FlushError, report.Outcome);
        Assert.Equal(1, bench.ExitCode);
        Assert.Contains("❌ Data flush failed: outbox, mysql", bench.Log.At(LogLevel.Error));
        Assert.DoesNotContain("✅ All data successfully persisted to disk", bench.Log.Lines);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task A_failed_flush_in_an_operators_drain_leaves_the_exit_code_alone()
    {
        using var bench = Bench(Step("journal", 1, _ => _ran.Count == 1 ? throw new IOException("disk full") : Task.CompletedTask));
        Assert.False((await bench.Drain.DrainAsync("operator")).Flushed);
        Assert.Equal(0, bench.ExitCode);
        await bench.StopAsync();
        Assert.Equal(0, bench.ExitCode);
        Assert.True(bench.Drain.Status.LastReport!.Flushed);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task A_step_that_hangs_or_blocks_uses_up_only_its_share_and_the_next_ones_run()
    {
        using var release = new ManualResetEventSlim();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var bench = Bench(
            Step(
                "blocks",
                1,
                _ =>
                {
                    asked.SetResult();
                    release.Wait(DrainBench.Patience, CancellationToken.None);
                    return Task.CompletedTask;
                }
            ),
            Step("journal", 2),
            Step(
                "heeds",
                3,
                token =>
                {
                    waiting.SetResult();
                    return Task.Delay(Timeout.Infinite, token);
                }
            ),
            Step("marker", 4)
        );
        var stop = bench.StopAsync();
        await asked.Task.WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);
        // A quarter for the first of four; the second takes no time, so half of the other three quarters is for the third.
        bench.Clock.Advance(bench.Options.FlushBudget / 4);
        await waiting.Task.WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);
        Assert.False(stop.IsCompleted);
        bench.Clock.Advance(bench.Options.FlushBudget * 3 / 8);
        await stop.WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);
        release.Set();

        Assert.Equal(["blocks", "journal", "heeds", "marker"], _ran);
        var report = bench.Drain.Status.LastReport!;
        Assert.Equal([false, true, false, true], report.Steps.Select(step => step.Succeeded));
        Assert.StartsWith("not done within", report.Steps[0].Error, StringComparison.Ordinal);
        Assert.True(report.Duration <= bench.Options.FlushBudget, $"the flush took {report.Duration}");
    }

    private RecordedStep Step(string name, int order, Func<CancellationToken, Task>? act = null) => new(name, order, _ran, act);

    private static DrainBench Bench(params RecordedStep[] steps) =>
        new(builder =>
        {
            foreach (var step in steps)
            {
                builder.Services.AddSingleton<IFlushOnShutdown>(step);
            }
        });
}
