using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AfirGen.Tests.Chat;

/// <param name="Body">As text; the bytes of an uploaded file come out garbled.</param>
/// <param name="Authorization">The header as sent; empty when there was none.</param>
internal sealed record RecordedRequest(string Path, string Body, string Authorization);

/// <summary>
/// A stand-in for an OpenAI-compatible server: a real Kestrel on a port of its own, scripted answers, no model.
/// Also answers <c>/v1/audio/transcriptions</c> and the OCR server's <c>/ocr</c>. A child process can use it by <see cref="BaseAddress"/>.
/// </summary>
internal sealed class FakeOpenAiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private readonly ConcurrentQueue<FakeAnswer> _script = new();
    private int _underWay;
    private int _mostUnderWay;

    private FakeOpenAiServer(WebApplication app) => _app = app;

    /// <summary><c>http://127.0.0.1:{port}/</c></summary>
    public Uri BaseAddress { get; private set; } = null!;

    /// <summary>For <c>AfirGen:ChatModel:Endpoint</c>.</summary>
    public Uri ChatEndpoint => new(BaseAddress, "v1");

    /// <summary>Everything but GET /v1/models, in the order of arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    /// <summary>Answers of this server at one time, at most, so far.</summary>
    public int MostUnderWay => Volatile.Read(ref _mostUnderWay);

    /// <summary>Answers a request for which <see cref="Enqueue"/> has left nothing.</summary>
    public Func<RecordedRequest, FakeAnswer> Respond { get; set; } = _ => FakeAnswer.Says("Stand-in answer.");

    /// <summary>The answer to GET /v1/models, which the health probe asks for.</summary>
    public int ModelsStatus { get; set; } = StatusCodes.Status200OK;

    public static async Task<FakeOpenAiServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FakeOpenAiServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        server.BaseAddress = new Uri(addresses.Single() + "/");
        return server;
    }

    /// <summary>Used up one per request, before <see cref="Respond"/> is asked.</summary>
    public void Enqueue(params FakeAnswer[] answers)
    {
        foreach (var answer in answers)
        {
            _script.Enqueue(answer);
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = path == "/v1/models" ? ModelsStatus : StatusCodes.Status404NotFound;
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var request = new RecordedRequest(path, await reader.ReadToEndAsync(), context.Request.Headers.Authorization.ToString());
        _requests.Enqueue(request);
        var underWay = Interlocked.Increment(ref _underWay);
        InterlockedMax(ref _mostUnderWay, underWay);
        try
        {
            var answer = _script.TryDequeue(out var scripted) ? scripted : Respond(request);
            await answer.WriteAsync(path, context);
        }
        catch (OperationCanceledException)
        {
            // The client gave up on a hanging answer.
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value; )
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
