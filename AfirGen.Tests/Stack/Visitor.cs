using System.Text;
using System.Text.RegularExpressions;

namespace AfirGen.Tests.Stack;

/// <summary>A browser without a screen: keeps cookies and fills in the form of the sign-in page.</summary>
internal sealed partial class Visitor : IDisposable
{
    private readonly HttpClient _http;

    public Visitor(Uri address) =>
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new() }) { BaseAddress = address };

    /// <returns>The answer to the form.</returns>
    public Task<Reply> SignInAsync(string key) => PostAsync("/sign-in", ("key", key), ("back", "/firs"));

    /// <inheritdoc cref="SignInAsync"/>
    public Task<Reply> SignOutAsync() => PostAsync("/sign-out");

    /// <param name="accept">What a browser wants of a page; null: as a script asks.</param>
    public async Task<Reply> GetAsync(string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return await ReadAsync(await _http.SendAsync(request));
    }

    /// <summary>The text of a stream of events, once it has ended.</summary>
    public async Task<string> StreamAsync(string path, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await _http.GetByteArrayAsync(new Uri(path, UriKind.Relative), cancellationToken));

    public void Dispose() => _http.Dispose();

    private async Task<Reply> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        var token = Token().Match((await GetAsync("/sign-in", "text/html")).RequireOk().Text).Groups["token"].Value;
        using var form = new FormUrlEncodedContent(
            fields.Prepend(("__RequestVerificationToken", token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2))
        );
        return await ReadAsync(await _http.PostAsync(new Uri(path, UriKind.Relative), form));
    }

    private static async Task<Reply> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            return new(
                (int)response.StatusCode,
                response
                    .Headers.Concat(response.Content.Headers)
                    .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
                await response.Content.ReadAsByteArrayAsync()
            );
        }
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="(?<token>[^"]+)""")]
    private static partial Regex Token();
}
