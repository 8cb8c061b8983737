using System.Net.Http.Headers;
using AfirGen.Api.Reliability;

namespace AfirGen.Api.Drafting.Media;

/// <summary>What the two endpoints share: one file in a multipart form, JSON back.</summary>
internal static class MediaForm
{
    public const string HttpClientName = "media";

    public static ReadOnlyMemoryContent File(ReadOnlyMemory<byte> bytes, string contentType) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } };

    /// <summary>Servers go by the extension; the officer's file name stays here, it may name the complainant.</summary>
    public static string FileName(string contentType) =>
        contentType switch
        {
            "image/png" => "upload.png",
            "image/jpeg" => "upload.jpg",
            "audio/wav" => "upload.wav",
            _ => "upload.mp3",
        };

    public static async Task<T> PostAsync<T>(
        IHttpClientFactory clients,
        MediaOptions options,
        Uri address,
        MultipartFormDataContent form,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = form };
        if (!string.IsNullOrEmpty(options.ApiKey))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);
        }

        using var response = await clients.CreateClient(HttpClientName).SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw DependencyAnswerException.For((int)response.StatusCode);
        }

        return await response.Content.ReadFromJsonAsync<T>(cancellationToken) ?? throw new InvalidDataException("the answer is empty");
    }
}
