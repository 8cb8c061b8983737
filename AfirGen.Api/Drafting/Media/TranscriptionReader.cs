using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Drafting.Media;

/// <summary>Reads a recording at a configured OpenAI-compatible server: <c>POST /v1/audio/transcriptions</c>, answer <c>{text}</c>.</summary>
internal sealed class TranscriptionReader(IHttpClientFactory clients, IOptions<MediaOptions> options)
{
    public async Task<string> ReadAsync(string contentType, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var address = new Uri($"{settings.TranscriptionApi}/audio/transcriptions");
        using var form = new MultipartFormDataContent
        {
            { MediaForm.File(bytes, contentType), "file", MediaForm.FileName(contentType) },
            { new StringContent(settings.TranscriptionModel), "model" },
            { new StringContent("json"), "response_format" },
        };
        var answer = await MediaForm.PostAsync<Answer>(clients, settings, address, form, cancellationToken);
        return answer.Text ?? throw new InvalidDataException("the transcription server's answer has no text");
    }

    private sealed record Answer([property: JsonPropertyName("text")] string? Text);
}
