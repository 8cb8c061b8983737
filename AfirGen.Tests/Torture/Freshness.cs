using System.Collections.Concurrent;
using System.Globalization;
using AfirGen.Tests.History;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>
/// No read goes backwards: what was acknowledged to anybody, or shown to anybody, before a read began is the least that it may show,
/// across kills and power cuts too (G1). Versions of sessions and ranks of FIRs only grow, so one number each is enough. Thread-safe.
/// </summary>
internal sealed class Freshness(World world)
{
    private static readonly string[] Ranks = ["", "draft", "pending", "finalized"];
    private readonly ConcurrentDictionary<string, long> _least = new();
    private int _reads;

    public int Reads => _reads;

    /// <summary>Learns from an acknowledgement.</summary>
    public void Acknowledged(Request request, Reply answer)
    {
        var sessionId = request.SessionId ?? answer["session_id"];
        if (request.Kind != RequestKind.Register)
        {
            Raise(sessionId, VersionOf(answer));
        }

        if (answer.Headers.GetValueOrDefault("X-Durability") == "registry")
        {
            var least =
                request.Kind == RequestKind.Register ? "finalized"
                : answer.Json["content"]?["fir_content"] is not null ? "pending"
                : "draft";
            Raise(request.FirNumber ?? answer["fir_number"], Array.IndexOf(Ranks, least));
        }
    }

    /// <returns>The answer; null when there is none that says anything.</returns>
    public Task<Reply?> ReadSessionAsync(ApiClient client, string sessionId, string by) =>
        ReadAsync(sessionId, by, () => client.StatusAsync(sessionId), VersionOf);

    /// <inheritdoc cref="ReadSessionAsync"/>
    public Task<Reply?> ReadFirAsync(ApiClient client, string firNumber, string by) =>
        ReadAsync(firNumber, by, () => client.GetAsync($"/fir/{firNumber}"), answer => Array.IndexOf(Ranks, answer["status"]));

    private async Task<Reply?> ReadAsync(string what, string by, Func<Task<Reply>> send, Func<Reply, long> shows)
    {
        var floor = _least.GetValueOrDefault(what); // before it is sent
        Reply answer;
        try
        {
            answer = await world.HearAsync(send);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }

        if (answer.Status is not (200 or 404))
        {
            return null;
        }

        var shown = answer.Status == 404 ? 0 : shows(answer);
        world.Log.Read(what, by, shown, floor);
        Interlocked.Increment(ref _reads);
        if (shown < floor)
        {
            world.Findings.Enqueue(new(Violation.Stale, $"{by} reads {what} at {shown}, {floor} was acknowledged or shown before"));
        }

        Raise(what, shown);
        return answer.Status == 200 ? answer : null;
    }

    private void Raise(string what, long value) => _least.AddOrUpdate(what, value, (_, least) => Math.Max(least, value));

    private static long VersionOf(Reply answer) => long.Parse(answer.Headers["ETag"].Trim('"', 'v'), CultureInfo.InvariantCulture);
}
