using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AfirGen.Tests.Chat;

/// <summary>One scripted answer of <see cref="FakeOpenAiServer"/>.</summary>
internal sealed class FakeAnswer
{
    private readonly Func<string, HttpContext, Task> _write;

    private FakeAnswer(Func<string, HttpContext, Task> write) => _write = write;

    /// <summary>In the form that the asked route has: a chat completion, a transcription or an OCR result.</summary>
    public static FakeAnswer Says(string text, string finishReason = "stop") =>
        new((path, context) => SayAsync(path, context, text, finishReason));

    /// <summary>Says <paramref name="text"/> once the test completes <paramref name="release"/>.</summary>
    public static FakeAnswer SaysAfter(TaskCompletionSource release, string text) =>
        new(
            async (path, context) =>
            {
                await release.Task.WaitAsync(context.RequestAborted);
                await SayAsync(path, context, text, "stop");
            }
        );

    /// <summary>An error; its body repeats what it was sent, as real servers do.</summary>
    public static FakeAnswer Fails(int status, string body = "{\"error\":{\"message\":\"stand-in failure\"}}") =>
        new(
            (_, context) =>
            {
                context.Response.StatusCode = status;
                context.Response.ContentType = "application/json";
                return context.Response.WriteAsync(body);
            }
        );

    /// <summary>200 and a body that is no JSON.</summary>
    public static FakeAnswer Malformed() => Fails(StatusCodes.Status200OK, "<html>not JSON");

    /// <summary>Never answers; ends when the client gives up.</summary>
    public static FakeAnswer Hangs() => new((_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted));

    public Task WriteAsync(string path, HttpContext context) => _write(path, context);

    private static Task SayAsync(string path, HttpContext context, string text, string finishReason)
    {
        object body = path switch
        {
            "/ocr" => new { success = true, extracted_text = text },
            "/v1/audio/transcriptions" => new { text },
            _ => new
            {
                id = "stand-in",
                @object = "chat.completion",
                created = 1,
                model = "stand-in",
                choices = new[]
                {
                    new
                    {
                        index = 0,
                        message = new { role = "assistant", content = text },
                        finish_reason = finishReason,
                    },
                },
            },
        };
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(body));
    }
}
