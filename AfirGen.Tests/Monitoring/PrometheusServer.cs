using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Monitoring;

/// <summary>
/// A real Prometheus with the configuration and the rules of the deployment, every second instead of every quarter of a minute, on a service
/// of the test's.
/// </summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;
    private readonly HttpClient _http;

    private PrometheusServer(Uri target, string? apiKey, string rules)
    {
        var listen = $"127.0.0.1:{Docker.FreePort()}";
        File.WriteAllText(_folder.File("afirgen.key"), apiKey ?? "none is wanted");
        var configuration = File.ReadAllText(Path.Combine(AlertRules.Folder, "prometheus.yml"))
            .Replace("interval: 15s", "interval: 1s", StringComparison.Ordinal)
            .Replace("[rules.yml]", $"[\"{rules}\"]", StringComparison.Ordinal)
            .Replace("/run/prometheus/afirgen.key", _folder.File("afirgen.key"), StringComparison.Ordinal)
            .Replace("fir_pipeline:8000", target.Authority, StringComparison.Ordinal);
        File.WriteAllText(_folder.File("prometheus.yml"), configuration);
        _process = Process.Start(
            new ProcessStartInfo(
                "prometheus",
                [
                    $"--config.file={_folder.File("prometheus.yml")}",
                    $"--storage.tsdb.path={_folder.File("tsdb")}",
                    $"--web.listen-address={listen}",
                    "--log.level=error",
                ]
            )
        )!;
        _http = new() { BaseAddress = new($"http://{listen}") };
    }

    public Uri Address => _http.BaseAddress!;

    /// <summary>Returns when it has scraped the target.</summary>
    /// <param name="target">The service; must keep its port over restarts.</param>
    /// <param name="rules">Another file than the deployment's.</param>
    public static async Task<PrometheusServer> StartAsync(Uri target, string? apiKey = null, string? rules = null)
    {
        var server = new PrometheusServer(target, apiKey, rules ?? AlertRules.File);
        try
        {
            await server.UntilAsync("up{job=\"afirgen\"} == 1");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The samples that an expression gives now, each with its labels.</summary>
    /// <exception cref="InvalidOperationException">Prometheus says that it is wrong.</exception>
    public async Task<JsonArray> QueryAsync(string expression)
    {
        var path = $"/api/v1/query?query={Uri.EscapeDataString(expression)}";
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative));
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            throw new HttpRequestException("Prometheus is starting.");
        }

        var answer = (await response.Content.ReadFromJsonAsync<JsonNode>())!;
        return $"{answer["status"]}" == "success"
            ? answer["data"]!["result"]!.AsArray()
            : throw new InvalidOperationException($"{expression}: {answer["error"]}");
    }

    /// <summary>Waits until the expression gives a sample.</summary>
    public Task UntilAsync(string expression) =>
        Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return (await QueryAsync(expression)).Count > 0;
                }
                catch (HttpRequestException)
                {
                    Assert.False(_process.HasExited, "Prometheus has ended");
                    return false;
                }
            },
            $"Prometheus sees {expression}"
        );

    /// <summary>Waits until an alert fires: it is pending no longer.</summary>
    public Task FiresAsync(string alert, string labels = "") => UntilAsync(Firing(alert, labels));

    public async Task RequireQuietAsync(string alert) => Assert.Empty(await QueryAsync(Firing(alert, "")));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }

    private static string Firing(string alert, string labels) => $"ALERTS{{alertname=\"{alert}\",alertstate=\"firing\"{labels}}}";
}
