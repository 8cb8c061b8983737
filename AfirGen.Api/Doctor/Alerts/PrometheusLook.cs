using System.Text.Json;

namespace AfirGen.Api.Doctor.Alerts;

/// <summary>Asks Prometheus's own interface.</summary>
internal sealed class PrometheusLook(Deployment deployment) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly HttpClient _http = new() { Timeout = Patience };

    /// <summary>As configured; null when nothing is.</summary>
    public string? Configured => string.IsNullOrWhiteSpace(deployment.Doctor.Prometheus) ? null : deployment.Doctor.Prometheus;

    public static Finding NotConfigured { get; } =
        Finding.NotLookedAt("no Prometheus is configured", "--prometheus http://localhost:9090, or AfirGen__Doctor__Prometheus");

    /// <summary>The member <c>data</c> of an answer.</summary>
    /// <exception cref="HttpRequestException">It does not answer, or not with that.</exception>
    public async Task<JsonElement> AskAsync(string path, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(Configured, UriKind.Absolute, out var address))
        {
            throw new HttpRequestException($"{Configured} is no address: http://localhost:9090 is one");
        }

        try
        {
            var answer = await _http.GetFromJsonAsync<JsonElement>(new Uri(address, path), cancellationToken);
            return answer.GetProperty("data");
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException or NotSupportedException
                || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            throw new HttpRequestException($"what answers at {address} is no Prometheus: {e.Message}", e);
        }
    }

    public void Dispose() => _http.Dispose();
}
