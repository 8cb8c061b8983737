using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Media;
using AfirGen.Api.Reliability;
using AfirGen.Tests.Chat;

namespace AfirGen.Tests.Media;

/// <summary>Readers behind HTTP. The server is a stand-in: no speech or image is recognised here.</summary>
public sealed class MediaEndpointTests
{
    private static readonly (string, string) NoTesseract = ("TesseractPath", "");
    private static readonly (string, string) Ocr = ("OcrEndpoint", "{server}/ocr");
    private static readonly (string, string) Transcription = ("TranscriptionEndpoint", "{server}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{server}")]
    [InlineData("{server}/v1/")]
    public async Task A_recording_is_read_by_the_stand_in_server_in_any_language(string endpoint)
    {
        await using var stack = await MediaStack.StartAsync(
            ("TranscriptionEndpoint", endpoint),
            ("ApiKey", "k-123"),
            ("TranscriptionModel", "whisper-x")
        );
        stack.Server.Enqueue(FakeAnswer.Says(" मेरी साइकिल चोरी हो गई। \n"));

        Assert.Equal("मेरी साइकिल चोरी हो गई।", await ListenAsync(stack));

        var request = Assert.Single(stack.Server.Requests);
        Assert.Equal(("/v1/audio/transcriptions", "Bearer k-123"), (request.Path, request.Authorization));
        Assert.All(
            ["name=file; filename=upload.wav", "whisper-x", "audio/wav", "RIFF"],
            part => Assert.Contains(part, request.Body, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Without_tesseract_an_image_is_read_by_the_stand_in_server()
    {
        await using var stack = await MediaStack.StartAsync(NoTesseract, Ocr);
        stack.Server.Enqueue(FakeAnswer.Fails(503), FakeAnswer.Says("Read from the image"));

        Assert.Equal("Read from the image", await LookAsync(stack));

        Assert.Equal(["/ocr", "/ocr"], stack.Server.Requests.Select(request => request.Path));
        Assert.Contains("name=image; filename=upload.png", stack.Server.Requests[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_no_reader_the_answer_says_what_to_install_or_configure()
    {
        await using var stack = await MediaStack.StartAsync(NoTesseract);

        var image = await Assert.ThrowsAsync<MediaReaderUnavailableException>(() => LookAsync(stack));
        var audio = await Assert.ThrowsAsync<MediaReaderUnavailableException>(() => ListenAsync(stack));

        Assert.All(
            ["tesseract-ocr-hin", "AfirGen:Media:OcrEndpoint"],
            part => Assert.Contains(part, image.Message, StringComparison.Ordinal)
        );
        Assert.Contains("AfirGen:Media:TranscriptionEndpoint", audio.Message, StringComparison.Ordinal);
        Assert.Equal(0, stack.Breaker.Status.FailureCount);
    }

    [Fact, Trait("Defect", "D-14")]
    public async Task A_failing_stand_in_server_makes_the_reader_unavailable_and_opens_the_breaker_after_five_failures()
    {
        await using var stack = await MediaStack.StartAsync(Transcription, ("MaxRetries", "0"));
        stack.Server.Respond = _ => FakeAnswer.Fails(500);
        for (var call = 0; call < NamedCircuitBreaker.Threshold; call++)
        {
            var failure = await Assert.ThrowsAsync<MediaReaderUnavailableException>(() => ListenAsync(stack));
            Assert.Contains("HTTP 500", failure.Message, StringComparison.Ordinal);
        }

        var refused = await Assert.ThrowsAsync<MediaReaderUnavailableException>(() => ListenAsync(stack));

        Assert.Contains("failed repeatedly", refused.Message, StringComparison.Ordinal);
        Assert.Equal(NamedCircuitBreaker.Threshold, stack.Server.Requests.Count);
    }

    [Fact]
    public async Task Answers_of_the_stand_in_server_that_make_no_sense_are_retried_and_then_make_the_reader_unavailable()
    {
        await using var stack = await MediaStack.StartAsync(Transcription);
        stack.Server.Respond = _ => FakeAnswer.Malformed();

        await Assert.ThrowsAsync<MediaReaderUnavailableException>(() => ListenAsync(stack));

        Assert.Equal(3, stack.Server.Requests.Count);
    }

    [Fact]
    public async Task A_recording_in_which_the_stand_in_server_hears_nothing_or_that_it_refuses_is_unreadable()
    {
        await using var stack = await MediaStack.StartAsync(Transcription);
        stack.Server.Enqueue(FakeAnswer.Says(" "), FakeAnswer.Fails(415));

        await Assert.ThrowsAsync<MediaUnreadableException>(() => ListenAsync(stack));
        await Assert.ThrowsAsync<MediaUnreadableException>(() => ListenAsync(stack));

        Assert.Equal((2, 0), (stack.Server.Requests.Count, stack.Breaker.Status.FailureCount));
    }

    [Fact]
    public async Task A_caller_that_leaves_a_hanging_stand_in_server_gets_its_cancellation()
    {
        await using var stack = await MediaStack.StartAsync(Transcription);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        stack.Server.Respond = _ =>
        {
            caller.CancelAfter(TimeSpan.Zero);
            return FakeAnswer.Hangs();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            stack.Reader.ReadAsync(ComplaintSource.Audio, "audio/wav", "RIFF"u8.ToArray(), caller.Token)
        );
        Assert.Equal(0, stack.Breaker.Status.FailureCount);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(404, true)]
    [InlineData(401, false)]
    [InlineData(500, false)]
    public async Task The_probe_goes_by_what_the_stand_in_server_says_to_a_list_of_models(int status, bool healthy)
    {
        await using var stack = await MediaStack.StartAsync(NoTesseract, Transcription);
        stack.Server.ModelsStatus = status;

        Assert.Equal(healthy, await stack.Probe.ProbeAsync(Cancellation));
    }

    private static Task<string> ListenAsync(MediaStack stack) =>
        stack.Reader.ReadAsync(ComplaintSource.Audio, "audio/wav", "RIFF....WAVE"u8.ToArray(), Cancellation);

    private static Task<string> LookAsync(MediaStack stack) =>
        stack.Reader.ReadAsync(ComplaintSource.Image, "image/png", Fixture.Image("english.png"), Cancellation);
}
