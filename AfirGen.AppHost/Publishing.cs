#if USE_ASPIRE
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker.Resources.ServiceNodes;

namespace AfirGen.AppHost;

/// <summary>What <c>aspire publish</c> writes besides the model. The reference deployment is docker-compose.yaml, see docs/deployment.md.</summary>
internal static class Publishing
{
    /// <summary>In the image that eng/api-image.sh builds, where it belongs to the service's account.</summary>
    public const string JournalFolder = "/app/data";

    private const string Image = "afirgen-fir_pipeline:latest";
    private const string JournalVolume = "fir-data";

    /// <summary>Longer than everything that a stop may take; SIGKILL after it. Default is 10 s, which cuts a drain and may cut MySQL.</summary>
    private const string GracePeriod = "60s";

    public static void AddComposePublishing(this IDistributedApplicationBuilder builder) =>
        builder
            .AddDockerComposeEnvironment("compose")
            .ConfigureComposeFile(file => file.AddVolume(new Volume { Name = JournalVolume, Driver = "local" }));

    public static IResourceBuilder<T> PublishWithGracePeriod<T>(this IResourceBuilder<T> builder)
        where T : IComputeResource => builder.PublishAsDockerComposeService((_, service) => service.StopGracePeriod = GracePeriod);

    /// <summary>The journal outlives its container (G1): without the volume a new image would begin with an empty one.</summary>
    public static IResourceBuilder<ProjectResource> PublishWithJournal(this IResourceBuilder<ProjectResource> api) =>
        api.PublishWithGracePeriod()
            .PublishAsDockerComposeService(
                (_, service) =>
                {
                    service.Image = Image;
                    service.AddVolume(
                        new Volume
                        {
                            Name = JournalVolume,
                            Type = "volume",
                            Source = JournalVolume,
                            Target = JournalFolder,
                        }
                    );
                }
            );
}
#endif
