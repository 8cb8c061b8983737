using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace AfirGen.Tests.Stack;

/// <summary>An answer as it came over the wire.</summary>
internal sealed record Reply(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonNode Json => JsonNode.Parse(Body) ?? throw new InvalidOperationException("The answer is the JSON null.");

    /// <summary>A member of the top level as text.</summary>
    public string this[string name] => Json[name]?.ToString() ?? "";

    /// <summary>The problem's type without the prefix; "" when it is no problem.</summary>
    public string ProblemType =>
        Headers.GetValueOrDefault("Content-Type")?.StartsWith("application/problem+json", StringComparison.Ordinal) == true
            ? this["type"].Replace("urn:afirgen:", "", StringComparison.Ordinal)
            : "";

    public Reply RequireOk() => Status == 200 ? this : throw new InvalidOperationException($"{Status}: {Text}");
}

/// <summary>An officer's client: the wire contract, nothing else. Every call gives the answer whatever its status is.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    public ApiClient(Uri address, string? apiKey = null)
    {
        _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 256 }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        if (apiKey is not null)
        {
            _http.DefaultRequestHeaders.Add("X-API-Key", apiKey);
        }
    }

    public Uri Address => _http.BaseAddress!;

    /// <summary>Breaks every connection on which an answer is still to come.</summary>
    public void HangUp() => _http.CancelPendingRequests();

    public Task<Reply> ProcessAsync(string text, string? key = null) =>
        SendAsync(HttpMethod.Post, "/process", new MultipartFormDataContent { { new StringContent(text), "text" } }, key);

    public Task<Reply> UploadAsync(string field, string fileName, string contentType, byte[] bytes, string? key = null)
    {
        var file = new ByteArrayContent(bytes);
        file.Headers.ContentType = new(contentType);
        return SendAsync(HttpMethod.Post, "/process", new MultipartFormDataContent { { file, field, fileName } }, key);
    }

    public Task<Reply> ApproveAsync(string sessionId, string? step = null, string? key = null, string? userInput = null) =>
        PostAsync(
            "/validate",
            new JsonObject
            {
                ["session_id"] = sessionId,
                ["approved"] = true,
                ["step"] = step,
                ["user_input"] = userInput,
            },
            key
        );

    public Task<Reply> CorrectAsync(string sessionId, string userInput, string? key = null) =>
        PostAsync(
            "/validate",
            new JsonObject
            {
                ["session_id"] = sessionId,
                ["approved"] = false,
                ["user_input"] = userInput,
            },
            key
        );

    public Task<Reply> RegenerateAsync(string sessionId, string step, string? userInput = null, string? key = null) =>
        SendAsync(
            HttpMethod.Post,
            $"/regenerate/{sessionId}?step={step}" + (userInput is null ? "" : $"&user_input={Uri.EscapeDataString(userInput)}"),
            null,
            key
        );

    public Task<Reply> AuthenticateAsync(string firNumber, string authKey, string? key = null) =>
        PostAsync("/authenticate", new JsonObject { ["fir_number"] = firNumber, ["auth_key"] = authKey }, key);

    public Task<Reply> StatusAsync(string sessionId) => GetAsync($"/session/{sessionId}/status");

    public Task<Reply> GetAsync(string path, string? accept = null) => SendAsync(HttpMethod.Get, path, null, null, ("Accept", accept));

    public Task<Reply> PostAsync(string path, JsonNode? body = null, string? key = null, params (string Name, string? Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), key, headers);

    public async Task<Reply> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content = null,
        string? key = null,
        params (string Name, string? Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        foreach (var (name, value) in headers)
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await SendAsync(request);
        var all = response
            .Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new((int)response.StatusCode, all, await response.Content.ReadAsByteArrayAsync());
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        try
        {
            return await _http.SendAsync(request);
        }
        catch (SocketException e)
        {
            // The service died between connect and the first byte: .NET 10 asks the socket for its peer, and lets that error through as it is.
            throw new HttpRequestException(HttpRequestError.ConnectionError, e.Message, e);
        }
    }
}
