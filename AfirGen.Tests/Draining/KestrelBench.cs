using AfirGen.ServiceDefaults.Draining;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AfirGen.Tests.Draining;

/// <summary>A service with the defaults on a real server, with one endpoint that waits until the test lets it go.</summary>
internal sealed class KestrelBench : IAsyncDisposable
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private KestrelBench(WebApplication app) => App = app;

    public WebApplication App { get; }

    public CapturedLog Log { get; } = new();

    public int ExitCode { get; private set; }

    public Uri Address => new(App.Urls.Single());

    public DrainCoordinator Drain => App.Services.GetRequiredService<DrainCoordinator>();

    public static async Task<KestrelBench> StartAsync(params IFlushOnShutdown[] steps)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.AddDraining();
        builder.Logging.ClearProviders();
        foreach (var step in steps)
        {
            builder.Services.AddSingleton(step);
        }

        var app = builder.Build();
        var bench = new KestrelBench(app);
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(bench.Log);
        bench.Drain.SetExitCode = code => bench.ExitCode = code;
        app.UseRouting();
        app.UseDraining();
        app.MapDefaultEndpoints(mapHealth: true);
        app.MapPrometheusScrapingEndpoint().AllowWhileDraining();
        app.MapPost("/upload", async (HttpRequest request) => await request.Body.CopyToAsync(Stream.Null));
        app.MapGet(
            "/slow",
            async () =>
            {
                bench._reached.TrySetResult();
                await bench._release.Task;
                return "done";
            }
        );
        await app.StartAsync(TestContext.Current.CancellationToken);
        return bench;
    }

    /// <summary>Begins the slow request and returns once the server runs it.</summary>
    public async Task<Task<HttpResponseMessage>> StartSlowAsync()
    {
        var answer = SendAsync(HttpMethod.Get, "/slow");
        await _reached.Task.WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);
        return answer;
    }

    public void ReleaseSlow() => _release.TrySetResult();

    /// <summary>Sends on a new connection.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var client = new HttpClient { BaseAddress = Address, Timeout = DrainBench.Patience };
        using var request = new HttpRequestMessage(method, path) { Content = content };
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<string> GetTextAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until the drain refuses requests.</summary>
    public async Task DrainingAsync()
    {
        using var patience = new CancellationTokenSource(DrainBench.Patience);
        while (!App.Services.GetRequiredService<InFlightRequests>().IsDraining)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        ReleaseSlow();
        await App.DisposeAsync();
    }
}
