using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;

namespace AfirGen.Tests.Telemetry;

/// <summary>What every service gets by AddServiceDefaults and MapDefaultEndpoints, on a real server and over real connections.</summary>
public sealed class ServiceDefaultsTests
{
    private const int Repetitions = 3;

    /// <summary>A request without an answer may have had its effect: only who holds its idempotency key may repeat it.</summary>
    [Theory]
    [InlineData("GET", 1 + Repetitions)]
    [InlineData("HEAD", 1 + Repetitions)]
    [InlineData("POST", 1)]
    [InlineData("PUT", 1)]
    [InlineData("PATCH", 1)]
    [InlineData("DELETE", 1)]
    public async Task G3_a_client_repeats_by_itself_only_what_has_no_effect(string method, int attempts)
    {
        var received = 0;
        await using var server = await StartAsync(app =>
            app.MapFallback(context =>
            {
                Interlocked.Increment(ref received);
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return Task.CompletedTask;
            })
        );
        using var client = Client(server, server.Urls.Single());
        using var request = new HttpRequestMessage(new HttpMethod(method), "/");

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, attempts), (answer.StatusCode, received));
    }

    /// <summary>As Aspire hands over where a service is: configuration <c>services:name:scheme:index</c>.</summary>
    [Fact]
    public async Task A_client_finds_a_service_by_its_name()
    {
        await using var server = await StartAsync(app => app.MapGet("/", () => "found"));
        server.Configuration["services:registrar:http:0"] = server.Urls.Single();
        using var client = Client(server, "http://registrar");

        Assert.Equal("found", await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_service_whose_dependency_is_away_is_alive_and_not_ready()
    {
        await using var server = await StartAsync(
            app => app.MapDefaultEndpoints(mapHealth: true),
            builder => builder.Services.AddHealthChecks().AddCheck("store", () => HealthCheckResult.Unhealthy())
        );

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, Extensions.AlivePath));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(server, Extensions.HealthPath));
    }

    [Fact]
    public async Task A_service_may_answer_for_its_readiness_itself()
    {
        await using var server = await StartAsync(app => app.MapDefaultEndpoints());

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, Extensions.AlivePath));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, Extensions.HealthPath));
    }

    private static async Task<WebApplication> StartAsync(Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.Services.ConfigureAll<HttpStandardResilienceOptions>(options =>
        {
            options.Retry.MaxRetryAttempts = Repetitions;
            options.Retry.Delay = TimeSpan.Zero;
        });
        configure?.Invoke(builder);
        var app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static HttpClient Client(WebApplication app, string address)
    {
        var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        client.BaseAddress = new Uri(address);
        return client;
    }

    private static async Task<HttpStatusCode> StatusAsync(WebApplication app, string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
