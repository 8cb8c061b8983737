using System.Net;
using System.Text.Json;
using AfirGen.Api.Endpoints;

namespace AfirGen.Api.Doctor.Service;

/// <summary>Asks the running service what only it knows. Each address is asked once.</summary>
internal sealed class ServiceLook : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly HttpClient? _http;
    private readonly Dictionary<string, Answer> _answers = [];

    public ServiceLook(Deployment deployment)
    {
        Address = deployment.Address;
        if (Address is not null)
        {
            // It speaks for this machine's service: no proxy in between, and nobody else's address.
            _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
            {
                BaseAddress = Address,
                Timeout = Patience,
            };
            if (deployment.Key is { } key)
            {
                _http.DefaultRequestHeaders.Add("X-API-Key", key);
            }
        }
    }

    public Uri? Address { get; }

    public async Task<Answer> AskAsync(string path, CancellationToken cancellationToken)
    {
        if (!_answers.TryGetValue(path, out var answer))
        {
            _answers.Add(path, answer = await GetAsync(path, cancellationToken));
        }

        return answer;
    }

    public void Dispose() => _http?.Dispose();

    private async Task<Answer> GetAsync(string path, CancellationToken cancellationToken)
    {
        if (_http is null)
        {
            return new(null, default, "no address of it is known");
        }

        try
        {
            using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
                ? new(response.StatusCode, JsonSerializer.Deserialize<JsonElement>(body, OperatorJson.Options), "")
                : new(response.StatusCode, default, "");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new(null, default, e is TaskCanceledException ? $"no answer within {Patience.TotalSeconds} s" : e.Message);
        }
    }
}

/// <param name="Status">Null: nobody answers.</param>
/// <param name="Body">Undefined when it was no JSON.</param>
/// <param name="Reason">Why nobody answers.</param>
internal sealed record Answer(HttpStatusCode? Status, JsonElement Body, string Reason)
{
    public bool IsObject => Body.ValueKind == JsonValueKind.Object;

    public bool IsOk => Status == HttpStatusCode.OK && IsObject;

    /// <summary>Why <c>/durability</c> told nothing.</summary>
    public Finding NothingLearned(Mending mending) =>
        Status switch
        {
            null => Finding.NotLookedAt("the service does not answer"),
            HttpStatusCode.Unauthorized => Finding.Unknown(
                "the service wants a key, and none that it takes is configured here",
                mending.Set("AfirGen__ApiKey", "…")
            ),
            _ => Finding.Unknown($"the service answers {(int)Status}"),
        };
}
