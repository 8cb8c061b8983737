using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AfirGen.AppHost;

/// <summary>What a command tells whoever gave it.</summary>
internal sealed record CommandOutcome(bool Success, string Text);

/// <summary>Does by the service's own endpoints what its operator asks for.</summary>
/// <param name="address">Where the service listens, asked for each time: it may be known only once it runs.</param>
/// <param name="apiKey">What it wants in X-API-Key; null when it wants none.</param>
internal sealed class OperatorClient(Func<Uri> address, Func<CancellationToken, Task<string?>> apiKey)
{
    /// <summary>Longer than the longest drain with its flush, 45 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What the service gives at most.</summary>
    public int RecordsAPage { get; init; } = 1000;

    /// <summary>
    /// Lets every request in flight complete before the restart, which would kill them after 6 s (G5). Nothing depends on it: what was
    /// acknowledged is durable anyway (G1). When the flush fails the service takes requests again, for a restart would not mend that.
    /// </summary>
    public Task<CommandOutcome> DrainAndRestartAsync(
        Func<CancellationToken, Task<CommandOutcome>> restart,
        CancellationToken cancellationToken
    ) =>
        ExplainAsync(
            async http =>
            {
                var drained = await SendAsync(http, HttpMethod.Post, "/operations/drain", cancellationToken);
                var failed = drained["steps"]!.AsArray().Where(step => step!["error"] is not null).ToList();
                if (failed.Count > 0)
                {
                    await SendAsync(http, HttpMethod.Post, "/operations/resume", cancellationToken);
                    var reasons = failed.Select(step => $"{step!["name"]}: {step["error"]}");
                    return new(false, $"Not restarted, requests are taken again. The flush failed: {string.Join("; ", reasons)}");
                }

                var restarted = await restart(cancellationToken);
                return restarted.Success
                    ? new(true, $"Drained ({drained["active_at_start"]} in flight, {drained["cancelled"]} cancelled), flushed, restarted.")
                    : new(false, $"Drained and flushed, but the restart failed: {restarted.Text} Start the service again.");
            },
            cancellationToken
        );

    public Task<CommandOutcome> VerifyDurabilityAsync(CancellationToken cancellationToken) =>
        ExplainAsync(
            async http =>
            {
                var report = await SendAsync(http, HttpMethod.Get, "/durability", cancellationToken);
                var settings = report["settings"]!.AsArray();
                if ((bool)report["durable"]! && (bool)report["ready"]!)
                {
                    return new(true, $"Durable: {settings.Count} settings read from the live connections, all as wanted.");
                }

                var faults = settings
                    .Where(setting => !(bool)setting!["ok"]!)
                    .Select(setting => $"{setting!["store"]}: {setting["name"]} is {setting["found"]}, wanted {setting["wanted"]}")
                    .Concat(report["unreadable"]!.AsArray().Select(store => $"the {store} does not answer"))
                    .Append(report["reason"]?.ToString())
                    .OfType<string>();
                return new(false, $"NOT durable. {string.Join("; ", faults)}");
            },
            cancellationToken
        );

    /// <summary>All pages: a part of the ledger proves nothing about the rest (G6).</summary>
    public Task<CommandOutcome> VerifyLedgerAsync(CancellationToken cancellationToken) =>
        ExplainAsync(
            async http =>
            {
                var verifiedTo = 0L;
                while (true)
                {
                    var path = $"/ledger/verify?from={verifiedTo + 1}&limit={RecordsAPage}";
                    var page = await SendAsync(http, HttpMethod.Get, path, cancellationToken);
                    if (!(bool)page["ok"]!)
                    {
                        return new(false, $"The ledger is BROKEN at position {page["first_bad_position"]}: {page["reason"]}");
                    }

                    verifiedTo = (long)page["verified_to"]!;
                    if ((bool)page["complete"]!)
                    {
                        return new(true, $"The ledger is whole: {verifiedTo} registered FIRs, head {page["head_hash"]}");
                    }
                }
            },
            cancellationToken
        );

    private async Task<CommandOutcome> ExplainAsync(Func<HttpClient, Task<CommandOutcome>> command, CancellationToken cancellationToken)
    {
        try
        {
            using var http = new HttpClient { BaseAddress = address(), Timeout = Patience };
            if (await apiKey(cancellationToken) is { } key)
            {
                http.DefaultRequestHeaders.Add("X-API-Key", key);
            }

            return await command(http);
        }
        catch (HttpRequestException e)
        {
            return new(false, e.Message);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(false, $"The service did not answer within {Patience.TotalSeconds} s.");
        }
    }

    private static async Task<JsonObject> SendAsync(HttpClient http, HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await http.SendAsync(request, cancellationToken);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken) ?? []
            : throw new HttpRequestException(
                $"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}"
            );
    }
}
