using System.Collections.Concurrent;
using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Models;
using AfirGen.Api.Reliability;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AfirGen.Tests.Chat;

/// <summary>The chat model as the service composes it, against a stand-in server, with every log line kept.</summary>
internal sealed class ChatStack : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private ChatStack(FakeOpenAiServer server, ServiceProvider services, RecordingLogs logs) =>
        (Server, _services, Logs) = (server, services, logs);

    public FakeOpenAiServer Server { get; }
    public RecordingLogs Logs { get; }
    public IDraftingModel Model => _services.GetRequiredService<IDraftingModel>();
    public FixedDraftingModel Fallback => _services.GetRequiredService<FixedDraftingModel>();
    public NamedCircuitBreaker Breaker => _services.GetRequiredService<CircuitBreakers>().ModelServer;

    public static async Task<ChatStack> StartAsync(params (string Key, string Value)[] settings)
    {
        var server = await FakeOpenAiServer.StartAsync();
        var logs = new RecordingLogs();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));

        // As ServiceDefaults does for every client: the chat client must not inherit a second layer of retries.
        services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler());
        services.AddReliability();
        services.AddChatDrafting<FixedDraftingModel>(Configuration(server, settings));
        return new(server, services.BuildServiceProvider(validateScopes: true), logs);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static IConfiguration Configuration(FakeOpenAiServer server, (string Key, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>
        {
            ["AfirGen:ChatModel:Endpoint"] = server.ChatEndpoint.AbsoluteUri,
            ["AfirGen:ChatModel:Model"] = "stand-in",
            ["AfirGen:ChatModel:RetryDelay"] = "00:00:00.001",
        };
        foreach (var (key, value) in settings)
        {
            values[$"AfirGen:ChatModel:{key}"] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();
    }
}

internal sealed class RecordingLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Recorder(_lines);

    public void Dispose() { }

    private sealed class Recorder(ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
    }
}
