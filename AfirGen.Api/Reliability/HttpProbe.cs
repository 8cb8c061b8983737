using System.Net;
using System.Net.Http.Headers;

namespace AfirGen.Api.Reliability;

/// <summary>Asks an OpenAI-compatible server for its list of models, the one request that costs it nothing.</summary>
internal static class HttpProbe
{
    /// <param name="baseAddress">Up to and including the version, for example <c>http://localhost:11434/v1</c>.</param>
    public static async Task<bool> ListModelsAsync(HttpClient client, Uri baseAddress, string? apiKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{baseAddress.AbsoluteUri.TrimEnd('/')}/models");
        if (!string.IsNullOrEmpty(apiKey))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

        // A server that knows no such route is up all the same; one that refuses the key would refuse every call.
        return response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed;
    }
}
