using AfirGen.Tests.History;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>A client's own connections to whichever process serves now, with the accidents that networks have.</summary>
internal sealed class Wire(Random random, World world) : IDisposable
{
    private const int OneInHungUp = 20;
    private const int OneInDuplicated = 20;
    private const int LongestBeforeHangUp = 12; // milliseconds
    private ApiClient? _client;

    /// <summary>Returns when there is a service.</summary>
    public async Task<ApiClient> ConnectAsync()
    {
        var now = await world.Line.ClientAsync();
        if (_client?.Address != now.Address)
        {
            _client?.Dispose();
            _client = new(now.Address);
        }

        return _client!;
    }

    /// <summary>One attempt, or two of the same at once.</summary>
    public async Task<Attempt> AttemptAsync(Request request)
    {
        var client = await ConnectAsync();
        if (world.Duplicates && request.Keyed && random.Next(OneInDuplicated) == 0)
        {
            var both = await Task.WhenAll(SendAsync(client, request), SendAsync(client, request));
            return both.OrderBy(attempt => (attempt.Verdict != Verdict.Ok, attempt.Verdict != Verdict.Unknown)).First();
        }

        var attempt = SendAsync(client, request);
        if (world.HangUps && random.Next(OneInHungUp) == 0)
        {
            await Task.Delay(random.Next(LongestBeforeHangUp)); // the fault itself: anywhere between sending and being answered
            client.HangUp();
        }

        return await attempt;
    }

    public void Dispose() => _client?.Dispose();

    private Task<Attempt> SendAsync(ApiClient client, Request request) =>
        world.History.AttemptAsync(request, r => world.HearAsync(() => Officer.SendAsync(client, r)));
}
