using System.Collections.Concurrent;
using AfirGen.ServiceDefaults.Draining;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AfirGen.Tests.Draining;

/// <summary>The drain as AddDraining builds it, on a fake clock and without a server: requests are contexts sent through the middleware.</summary>
internal sealed class DrainBench : IDisposable
{
    /// <summary>A test on the fake clock that is still running after this long will never end.</summary>
    public const int TestTimeoutMilliseconds = 40_000;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly IHost _host;

    public DrainBench(Action<HostApplicationBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddMetrics();
        builder.Logging.AddProvider(Log);
        builder.AddDraining();
        configure?.Invoke(builder);
        _host = builder.Build();
        Drain.SetExitCode = code => ExitCode = code;
    }

    public FakeTimeProvider Clock { get; } = new();

    public CapturedLog Log { get; } = new();

    public int ExitCode { get; private set; }

    public IServiceProvider Services => _host.Services;

    public DrainCoordinator Drain => Services.GetRequiredService<DrainCoordinator>();

    public InFlightRequests InFlight => Services.GetRequiredService<InFlightRequests>();

    public DrainSignal Signal => Services.GetRequiredService<DrainSignal>();

    public DrainOptions Options => Services.GetRequiredService<IOptions<DrainOptions>>().Value;

    /// <summary>What the host does on SIGTERM.</summary>
    public Task StopAsync() => ((IHostedLifecycleService)Drain).StoppingAsync(TestContext.Current.CancellationToken);

    /// <summary>Sends one request through the middleware to the handler.</summary>
    public Task<HttpContext> SendAsync(RequestDelegate handler, bool allowWhileDraining = false) =>
        SendAsync(new DefaultHttpContext(), handler, allowWhileDraining);

    public async Task<HttpContext> SendAsync(HttpContext context, RequestDelegate handler, bool allowWhileDraining = false)
    {
        context.RequestServices = Services;
        context.Response.Body = new MemoryStream();
        if (allowWhileDraining)
        {
            context.SetEndpoint(new Endpoint(handler, new EndpointMetadataCollection(new AllowWhileDrainingAttribute()), "exempt"));
        }

        var pipeline = new ApplicationBuilder(Services).UseDraining();
        pipeline.Run(handler);
        await pipeline.Build()(context);
        return context;
    }

    /// <summary>Starts a request that ends when the returned source is completed, or when it is cancelled and heeds that.</summary>
    public (TaskCompletionSource End, Task<HttpContext> Answer) Start(bool heedsCancellation = true)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = SendAsync(context => heedsCancellation ? end.Task.WaitAsync(context.RequestAborted) : end.Task);
        return (end, answer);
    }

    public void Dispose() => _host.Dispose();
}

/// <summary>A flush step that says when it ran, and does what the test wants.</summary>
internal sealed class RecordedStep(string name, int order, ConcurrentQueue<string> ran, Func<CancellationToken, Task>? act = null)
    : IFlushOnShutdown
{
    public int Order => order;

    public string Name => name;

    public Task FlushAsync(CancellationToken cancellationToken)
    {
        ran.Enqueue(name);
        return act?.Invoke(cancellationToken) ?? Task.CompletedTask;
    }
}
