using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AfirGen.Tests.Telemetry;

/// <summary>A stand-in for an OpenTelemetry collector: takes http/protobuf and keeps the bytes. Strings stand in them as plain UTF-8.</summary>
internal sealed class FakeOtlpServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Signal, string Bytes)> _received = new();

    private FakeOtlpServer(WebApplication app) => _app = app;

    /// <summary>What makes a child process export here, often enough for a test.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    public static async Task<FakeOtlpServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FakeOtlpServer(app);
        app.Run(server.TakeAsync);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        server.Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = address;
        server.Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        server.Settings["OTEL_BSP_SCHEDULE_DELAY"] = "100";
        server.Settings["OTEL_BLRP_SCHEDULE_DELAY"] = "100";
        server.Settings["OTEL_METRIC_EXPORT_INTERVAL"] = "300";
        return server;
    }

    /// <param name="signal">traces, metrics or logs.</param>
    public bool Has(string signal, string text) =>
        _received.Any(r => r.Signal == signal && r.Bytes.Contains(text, StringComparison.Ordinal));

    /// <summary>Everything of every signal that contains <paramref name="text"/>; for a message that says where.</summary>
    public IEnumerable<string> Containing(string text) =>
        _received.Where(r => r.Bytes.Contains(text, StringComparison.Ordinal)).Select(r => r.Signal);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.Enqueue(
            (context.Request.Path.Value!.Replace("/v1/", "", StringComparison.Ordinal), Encoding.UTF8.GetString(body.ToArray()))
        );
        context.Response.ContentType = "application/x-protobuf";
    }
}
