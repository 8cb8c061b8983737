using AfirGen.Api.Reliability;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Drafting.Media;

/// <summary>Whether everything that reads uploads here works: the readers that are configured share one breaker, so they share one health.</summary>
internal sealed class MediaProbe(TesseractReader tesseract, IHttpClientFactory clients, IOptions<MediaOptions> options) : IDependencyProbe
{
    private readonly MediaOptions _options = options.Value;

    public string Name => DependencyNames.AsrOcrServer;

    public bool Configured => tesseract.IsInstalled || _options.OcrEndpoint is not null || _options.TranscriptionEndpoint is not null;

    public async Task<bool> ProbeAsync(CancellationToken cancellationToken) =>
        await ImagesAsync(cancellationToken) && await RecordingsAsync(cancellationToken);

    private async Task<bool> ImagesAsync(CancellationToken cancellationToken) =>
        tesseract.IsInstalled
            ? await tesseract.IsWorkingAsync(cancellationToken)
            : _options.OcrEndpoint is null || await ListModelsAsync(new Uri(_options.OcrEndpoint, "/"), cancellationToken);

    private async Task<bool> RecordingsAsync(CancellationToken cancellationToken) =>
        _options.TranscriptionEndpoint is null || await ListModelsAsync(_options.TranscriptionApi, cancellationToken);

    private Task<bool> ListModelsAsync(Uri baseAddress, CancellationToken cancellationToken) =>
        HttpProbe.ListModelsAsync(clients.CreateClient(MediaForm.HttpClientName), baseAddress, _options.ApiKey, cancellationToken);
}
