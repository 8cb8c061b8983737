using System.Security.Cryptography;
using AfirGen.Tests.Chat;
using AfirGen.Tests.Media;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>Photographs and recordings are evidence: stored before anything tries to read them, and kept whatever happens then.</summary>
public sealed class UploadTests
{
    private const string Tesseract = "AfirGen:Media:TesseractPath";
    private const string Transcription = "AfirGen:Media:TranscriptionEndpoint";

    private static readonly Dictionary<string, string> NoReader = new() { [Tesseract] = "" };

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [Trait("Defect", "D-14")]
    [Trait("Defect", "D-31")]
    [Trait("Defect", "D-42")]
    public async Task G3_an_upload_that_nothing_can_read_is_kept_and_read_by_the_same_request_once_something_can(bool image, bool kill)
    {
        await using var server = await FakeOpenAiServer.StartAsync();
        server.Respond = _ => FakeAnswer.Says("Someone stole my bicycle. क्षमा");
        await using var stack = await EmbeddedStack.StartAsync(NoReader);

        var refused = await SendAsync();

        var sessionId = refused["session_id"];
        BadInputTests.AssertProblem(refused, 503, "upload-not-read", image ? Tesseract : Transcription, "stored", sessionId);
        Assert.NotEmpty(refused.Headers["Retry-After"]);
        AssertKept(stack, sessionId, image ? Uploads.Letter : Uploads.Recording);
        var status = (await stack.Client.StatusAsync(sessionId)).RequireOk();
        Assert.Equal(("processing", "false"), (status["status"], status["awaiting_validation"]));
        Assert.NotEmpty(status["error"]);
        var outcome = (await stack.Client.GetAsync("/operations/upload")).RequireOk();
        Assert.Equal(("not_done", sessionId), (outcome["outcome"], outcome["session_id"]));

        stack.Settings[Tesseract] = "tesseract";
        stack.Settings[Transcription] = server.BaseAddress.AbsoluteUri;
        await stack.RestartAsync(kill);
        var read = (await SendAsync()).RequireOk();
        var again = (await SendAsync()).RequireOk();

        Assert.Equal(sessionId, read["session_id"]);
        Assert.Contains("bicycle", read.Json["content_for_validation"]!["transcript"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(read.Body, again.Body);
        Assert.Equal("true", again.Headers["Idempotency-Replayed"]);
        Assert.Equal(1, stack.Stores.JournalCount("session_rows"));
        AssertKept(stack, sessionId, image ? Uploads.Letter : Uploads.Recording);

        Task<Reply> SendAsync() => image ? Uploads.ImageAsync(stack.Client, "upload") : Uploads.AudioAsync(stack.Client, "upload");
    }

    [Fact]
    [Trait("Defect", "D-14")]
    [Trait("Defect", "D-28")]
    [Trait("Defect", "D-42")]
    public async Task G1_an_upload_that_was_being_read_when_the_process_died_is_there_and_says_so()
    {
        await using var server = await FakeOpenAiServer.StartAsync();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Respond = _ =>
        {
            arrived.TrySetResult();
            return FakeAnswer.Hangs();
        };
        await using var stack = await EmbeddedStack.StartAsync(
            new Dictionary<string, string> { [Transcription] = server.BaseAddress.AbsoluteUri }
        );
        var cut = Uploads.AudioAsync(stack.Client, "cut");
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await stack.RestartAsync(kill: true);

        await Assert.ThrowsAsync<HttpRequestException>(() => cut);
        var outcome = (await stack.Client.GetAsync("/operations/cut")).RequireOk();
        var sessionId = outcome["session_id"];
        Assert.Equal("not_done", outcome["outcome"]);
        AssertKept(stack, sessionId, Uploads.Recording);
        Assert.Contains("service stopped", (await stack.Client.StatusAsync(sessionId))["error"], StringComparison.Ordinal);
        server.Respond = _ => FakeAnswer.Says("Read at last.");
        var read = (await stack.Client.RegenerateAsync(sessionId, "transcript_review")).RequireOk();
        Assert.Equal("Read at last.", read.Json["content"]!["transcript"]!.ToString());
        Assert.Equal(sessionId, (await Uploads.AudioAsync(stack.Client, "cut")).RequireOk()["session_id"]);
    }

    [Fact]
    [Trait("Defect", "D-07")]
    public async Task A_photographed_letter_becomes_an_FIR_with_the_words_that_were_read()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        var journey = new Journey(stack.Client, await Uploads.ImageAsync(stack.Client));
        Assert.Equal(["ocr_done", "transcript_drafted"], Journey.Strings(journey.Created.Json["steps"]));
        var hindi = (await stack.Client.UploadAsync("image", "पत्र.png", "image/png", Fixture.Image("hindi.png"))).RequireOk();
        Assert.Equal("चोरी का मामला", hindi.Json["content_for_validation"]!["transcript"]!.ToString());

        await journey.CompleteAsync();

        var fir = await journey.FirTextAsync();
        Assert.Contains("My bicycle was stolen\nfrom the railway station.", fir, StringComparison.Ordinal);
        Assert.Contains("Written (photographed document)", fir, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Defect", "D-14")]
    public async Task An_image_without_words_is_kept_and_refused_as_unreadable()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        var blank = Fixture.Image("blank.png");

        var refused = await stack.Client.UploadAsync("image", "blank.png", "image/png", blank, "blank");

        BadInputTests.AssertProblem(refused, 422, "upload-unreadable", "No words", "stored");
        AssertKept(stack, refused["session_id"], blank);
    }

    private static void AssertKept(EmbeddedStack stack, string sessionId, byte[] bytes)
    {
        var (hash, kept) = Assert.Single(
            stack.Stores.Journal(
                "SELECT sha256, bytes FROM attachments WHERE session_id = $1",
                row => (row.GetString(0), row.GetFieldValue<byte[]>(1)),
                sessionId
            )
        );
        Assert.Equal(bytes, kept);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), hash);
    }
}
