using AfirGen.Api.Reliability;

namespace AfirGen.Api.Drafting.Media;

internal static class MediaServices
{
    /// <summary>Registers <see cref="IMediaReader"/>. Needs <see cref="ReliabilityServices.AddReliability"/>.</summary>
    public static IServiceCollection AddMediaReaders(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MediaOptions>().Bind(configuration.GetSection(MediaOptions.Section)).ValidateWith(options => options.Problem());
        services.AddUnretriedHttpClient(MediaForm.HttpClientName);
        services.AddSingleton<TesseractReader>();
        services.AddSingleton<OcrEndpointReader>();
        services.AddSingleton<TranscriptionReader>();
        services.AddSingleton<IDependencyProbe, MediaProbe>();
        services.AddSingleton<IMediaReader, MediaReader>();
        return services;
    }
}
