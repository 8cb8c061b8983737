using AfirGen.Api.Reliability;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace AfirGen.Api.Drafting.Media;

/// <summary>
/// Chooses who reads an upload: an image is Tesseract's when installed, else the OCR endpoint's; a recording is the
/// transcription endpoint's. Every read goes through the breaker <c>asr_ocr_server</c>.
/// </summary>
internal sealed class MediaReader(
    TesseractReader tesseract,
    OcrEndpointReader ocr,
    TranscriptionReader transcription,
    CircuitBreakers breakers,
    IOptions<MediaOptions> options,
    TimeProvider time,
    ILogger<MediaReader> logger
) : IMediaReader, IDisposable
{
    private readonly MediaOptions _options = options.Value;
    private readonly SemaphoreSlim _turns = new(options.Value.MaxConcurrentReads);
    private readonly DependencyCall _image = new(breakers.AsrOcrServer, Budget(options.Value, options.Value.ImageTimeout), time);
    private readonly DependencyCall _audio = new(breakers.AsrOcrServer, Budget(options.Value, options.Value.AudioTimeout), time);

    /// <exception cref="MediaUnreadableException">Nothing readable is in the upload.</exception>
    /// <inheritdoc/>
    public Task<string> ReadAsync(
        ComplaintSource kind,
        string contentType,
        ReadOnlyMemory<byte> bytes,
        CancellationToken cancellationToken
    ) =>
        kind switch
        {
            ComplaintSource.Image => ReadAsync("image", _image, ImageReader(contentType, bytes), cancellationToken),
            ComplaintSource.Audio => ReadAsync("recording", _audio, AudioReader(contentType, bytes), cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only images and recordings are read"),
        };

    public void Dispose() => _turns.Dispose();

    private Func<CancellationToken, Task<string>> ImageReader(string contentType, ReadOnlyMemory<byte> bytes) =>
        (tesseract.IsInstalled, _options.OcrEndpoint) switch
        {
            (true, _) => token => tesseract.ReadAsync(bytes, token),
            (_, not null) => token => ocr.ReadAsync(contentType, bytes, token),
            _ => throw new MediaReaderUnavailableException(
                "Nothing here can read images. Install Tesseract (apt-get install tesseract-ocr tesseract-ocr-hin), "
                    + $"or set {MediaOptions.Section}:TesseractPath to its path, or set {MediaOptions.Section}:OcrEndpoint to an OCR server."
            ),
        };

    private Func<CancellationToken, Task<string>> AudioReader(string contentType, ReadOnlyMemory<byte> bytes) =>
        _options.TranscriptionEndpoint is not null
            ? token => transcription.ReadAsync(contentType, bytes, token)
            : throw new MediaReaderUnavailableException(
                $"Nothing here can read recordings. Set {MediaOptions.Section}:TranscriptionEndpoint to an OpenAI-compatible server "
                    + $"(POST /v1/audio/transcriptions) and {MediaOptions.Section}:TranscriptionModel to its model."
            );

    private async Task<string> ReadAsync(
        string what,
        DependencyCall call,
        Func<CancellationToken, Task<string>> read,
        CancellationToken cancellationToken
    )
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            var text = await call.ExecuteAsync(async token => await read(token), cancellationToken);
            return string.IsNullOrWhiteSpace(text)
                ? throw new MediaUnreadableException($"No words were found in the {what}. Upload a clearer one, or type the complaint.")
                : text.Trim();
        }
        catch (Exception exception)
            when (exception is not (MediaUnreadableException or MediaReaderUnavailableException)
                && !cancellationToken.IsCancellationRequested
            )
        {
            logger.LogWarning("The {What} could not be read: {Failure}", what, exception.GetType().Name);
            throw exception is RequestFaultException
                ? new MediaUnreadableException($"The reader did not take the {what}: {exception.Message}.", exception)
                : new MediaReaderUnavailableException(
                    $"The {what} could not be read now: {Reason(exception)}. It is kept; try again.",
                    exception
                );
        }
        finally
        {
            _turns.Release();
        }
    }

    private static string Reason(Exception exception) =>
        exception switch
        {
            BrokenCircuitException => "the reader failed repeatedly and is not asked for the moment",
            TimeoutRejectedException => "the reader did not finish in time",
            DependencyAnswerException answer => $"the reader answered HTTP {answer.Status}",
            HttpRequestException => "the reader cannot be reached",
            InvalidOperationException => exception.Message,
            _ => "the reader's answer could not be understood",
        };

    private static CallBudget Budget(MediaOptions options, TimeSpan timeout) => new(timeout, options.MaxRetries, options.RetryDelay);
}
