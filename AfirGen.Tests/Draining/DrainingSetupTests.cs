using System.Collections.Concurrent;
using AfirGen.ServiceDefaults.Draining;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AfirGen.Tests.Draining;

/// <summary>What may go wrong when somebody takes the drain into an application of their own.</summary>
public sealed class DrainingSetupTests
{
    [Fact]
    public async Task G5_an_application_whose_requests_the_drain_would_not_see_does_not_start()
    {
        await using var app = Application(builder => builder.AddDraining());

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("app.UseDraining()", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_starts_with_both_calls_and_a_host_without_a_server_needs_only_the_first()
    {
        await using var app = Application(builder => builder.AddDraining());
        app.UseDraining();
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.StopAsync(TestContext.Current.CancellationToken);

        var ran = new ConcurrentQueue<string>();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddMetrics().AddSingleton<IFlushOnShutdown>(new RecordedStep("store", 1, ran));
        builder.AddDraining();
        using var worker = builder.Build();
        await worker.StartAsync(TestContext.Current.CancellationToken);
        await worker.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["store"], ran);
    }

    /// <summary>A shared library may have added it already.</summary>
    [Fact]
    public async Task Added_twice_it_drains_once_and_a_step_that_is_registered_twice_runs_once()
    {
        using var bench = new DrainBench(builder =>
        {
            builder.AddDraining();
            builder.Services.AddFlushStep<CountedStep>().AddFlushStep<CountedStep>();
        });

        Assert.Single(bench.Services.GetServices<IHostedService>().OfType<DrainCoordinator>());
        var health = bench.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status);
        var report = await bench.Drain.DrainAsync("operator");
        Assert.Equal(["counted"], report.Steps.Select(step => step.Name));
        Assert.Equal(1, bench.Services.GetRequiredService<CountedStep>().Runs);
    }

    private static WebApplication Application(Action<WebApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        configure(builder);
        return builder.Build();
    }

    private sealed class CountedStep : IFlushOnShutdown
    {
        public int Runs { get; private set; }

        public int Order => 1;

        public string Name => "counted";

        public Task FlushAsync(CancellationToken cancellationToken)
        {
            Runs++;
            return Task.CompletedTask;
        }
    }
}
