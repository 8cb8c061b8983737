using AfirGen.Api.Drafting.Media;
using AfirGen.Api.Reliability;
using AfirGen.Tests.Chat;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AfirGen.Tests.Media;

/// <summary>The readers as the service composes them. The server, where one is configured, is a stand-in.</summary>
internal sealed class MediaStack : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private MediaStack(FakeOpenAiServer server, ServiceProvider services) => (Server, _services) = (server, services);

    public FakeOpenAiServer Server { get; }
    public IMediaReader Reader => _services.GetRequiredService<IMediaReader>();
    public IDependencyProbe Probe => _services.GetRequiredService<IDependencyProbe>();
    public NamedCircuitBreaker Breaker => _services.GetRequiredService<CircuitBreakers>().AsrOcrServer;

    /// <param name="settings">Values of <c>AfirGen:Media</c>; <c>{server}</c> in them is the stand-in's address.</param>
    public static async Task<MediaStack> StartAsync(params (string Key, string Value)[] settings)
    {
        var server = await FakeOpenAiServer.StartAsync();
        var address = server.BaseAddress.AbsoluteUri.TrimEnd('/');
        var values = settings.ToDictionary(
            setting => $"AfirGen:Media:{setting.Key}",
            setting => (string?)setting.Value.Replace("{server}", address, StringComparison.Ordinal)
        );
        values.TryAdd("AfirGen:Media:RetryDelay", "00:00:00.001");
        var services = new ServiceCollection();
        services.AddLogging();
        services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler());
        services.AddReliability();
        services.AddMediaReaders(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        return new(server, services.BuildServiceProvider(validateScopes: true));
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Server.DisposeAsync();
    }
}

internal static class Fixture
{
    /// <summary>Printed text, rendered with ImageMagick.</summary>
    public static byte[] Image(string name)
    {
        using var stream = typeof(Fixture).Assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
