using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Drafting.Media;

/// <summary>Reads an image at a configured server: multipart field <c>image</c>, answer <c>{success, extracted_text, error}</c>.</summary>
internal sealed class OcrEndpointReader(IHttpClientFactory clients, IOptions<MediaOptions> options)
{
    public async Task<string> ReadAsync(string contentType, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent { { MediaForm.File(bytes, contentType), "image", MediaForm.FileName(contentType) } };
        var answer = await MediaForm.PostAsync<Answer>(clients, options.Value, options.Value.OcrEndpoint!, form, cancellationToken);
        return answer.Success ? answer.ExtractedText ?? "" : throw new InvalidDataException("the OCR server says that it failed");
    }

    private sealed record Answer(
        [property: JsonPropertyName("success")] bool Success,
        [property: JsonPropertyName("extracted_text")] string? ExtractedText
    );
}
