using System.Collections.Concurrent;
using AfirGen.ServiceDefaults.Draining;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AfirGen.Tests.Draining;

public sealed class OperatorDrainTests
{
    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task Callers_at_the_same_time_share_one_run()
    {
        var ran = new ConcurrentQueue<string>();
        using var bench = new DrainBench(b => b.Services.AddSingleton<IFlushOnShutdown>(new RecordedStep("journal", 1, ran)));
        var (end, _) = bench.Start();
        var callers = Enumerable.Range(0, 20).Select(i => Task.Run(() => bench.Drain.DrainAsync($"caller {i}"))).ToArray();
        while (!bench.InFlight.IsDraining)
        {
            await Task.Yield();
        }

        end.SetResult();
        // A caller that came late may have started a run of its own; those of one run got the same report.
        var reports = await Task.WhenAll(callers).WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(reports.Distinct().Count(), ran.Count);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task A_drained_service_stays_up_refuses_and_can_be_resumed()
    {
        using var bench = new DrainBench();
        Assert.True(bench.Drain.Resume());
        Assert.Equal(DrainState.Serving, bench.Drain.Status.State);
        bench.Clock.Advance(TimeSpan.FromMinutes(1));

        var report = await bench.Drain.DrainAsync("operator");
        Assert.Equal("operator", report.Reason);
        Assert.False(report.ForStop);
        Assert.Equal(DrainState.Drained, bench.Drain.Status.State);
        Assert.Equal(bench.Clock.GetUtcNow(), bench.Drain.Status.Since);
        Assert.Same(report, bench.Drain.Status.LastReport);
        Assert.Equal(503, (await bench.SendAsync(_ => Task.CompletedTask)).Response.StatusCode);

        Assert.True(bench.Drain.Resume());
        Assert.Equal(DrainState.Serving, bench.Drain.Status.State);
        Assert.Equal(200, (await bench.SendAsync(_ => Task.CompletedTask)).Response.StatusCode);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task A_resumed_service_gives_requests_a_fresh_deadline()
    {
        using var bench = new DrainBench();
        var (_, first) = bench.Start();
        var drain = bench.Drain.DrainAsync("operator");
        bench.Clock.Advance(bench.Options.DrainTimeout);
        Assert.Equal(1, (await drain).Cancelled);
        Assert.Equal(503, (await first).Response.StatusCode);

        Assert.True(bench.Drain.Resume());
        Assert.False(bench.Signal.Deadline.IsCancellationRequested);
        var (end, second) = bench.Start();
        end.SetResult();
        Assert.Equal(200, (await second).Response.StatusCode);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task Resume_is_refused_while_a_drain_runs_and_while_the_host_stops()
    {
        using var bench = new DrainBench();
        var (end, _) = bench.Start();
        var drain = bench.Drain.DrainAsync("operator");
        Assert.Equal(DrainState.Draining, bench.Drain.Status.State);
        Assert.False(bench.Drain.Resume());
        end.SetResult();
        await drain;

        var stop = bench.StopAsync();
        Assert.False(bench.Drain.Resume());
        await stop;
        Assert.False(bench.Drain.Resume());
        Assert.True(bench.InFlight.IsDraining);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task A_stop_after_an_operators_drain_flushes_again_and_only_then_seals()
    {
        var sealedAt = new ConcurrentQueue<bool>();
        using var bench = new DrainBench(b =>
            b.Services.AddSingleton<IFlushOnShutdown>(provider => new RecordedStep(
                "journal",
                1,
                new ConcurrentQueue<string>(),
                _ =>
                {
                    sealedAt.Enqueue(provider.GetRequiredService<DrainSignal>().IsLastFlush);
                    return Task.CompletedTask;
                }
            ))
        );
        await bench.Drain.DrainAsync("operator");
        await bench.StopAsync();
        Assert.Equal([false, true], sealedAt);
        Assert.True(bench.Drain.Status.LastReport!.ForStop);
        Assert.Equal(0, bench.ExitCode);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task A_stop_in_the_middle_of_an_operators_drain_keeps_its_deadline_and_flushes_once()
    {
        var ran = new ConcurrentQueue<string>();
        using var bench = new DrainBench(b => b.Services.AddSingleton<IFlushOnShutdown>(new RecordedStep("journal", 1, ran)));
        var (_, answer) = bench.Start();
        var drain = bench.Drain.DrainAsync("operator");
        bench.Clock.Advance(bench.Options.DrainTimeout / 2);
        var stop = bench.StopAsync();
        bench.Clock.Advance(bench.Options.DrainTimeout / 2);
        await Task.WhenAll(drain, stop).WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(503, (await answer).Response.StatusCode);
        Assert.Equal(["journal"], ran);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task A_stop_during_an_operators_flush_flushes_again_for_the_steps_that_did_not_know()
    {
        var ran = new ConcurrentQueue<string>();
        var inFlush = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var seals = new ConcurrentQueue<bool>();
        using var bench = new DrainBench(b =>
            b.Services.AddSingleton<IFlushOnShutdown>(provider => new RecordedStep(
                "journal",
                1,
                ran,
                async _ =>
                {
                    inFlush.TrySetResult();
                    await goOn.Task;
                    seals.Enqueue(provider.GetRequiredService<DrainSignal>().IsLastFlush);
                }
            ))
        );
        var drain = bench.Drain.DrainAsync("operator");
        await inFlush.Task.WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);
        var stop = bench.StopAsync();
        goOn.SetResult();
        await Task.WhenAll(drain, stop).WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(["journal", "journal"], ran);
        Assert.Equal([false, true], seals); // a store that is sealed in the first cannot be flushed in the second
        Assert.False((await drain).ForStop);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    [Trait("Defect", "D-23")]
    public async Task Readiness_is_false_from_the_first_refusal_to_the_resume()
    {
        using var bench = new DrainBench();
        var health = bench.Services.GetRequiredService<HealthCheckService>();
        var ct = TestContext.Current.CancellationToken;
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(ct)).Status);
        var (end, _) = bench.Start();
        var drain = bench.Drain.DrainAsync("operator");
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(ct)).Status);
        end.SetResult();
        await drain;
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(ct)).Status);
        bench.Drain.Resume();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(ct)).Status);
    }
}
