using System.Text.Json;

namespace AfirGen.Api.Doctor.Container;

/// <summary>Finds the service's container, once, also when it fails: the input can be read only once.</summary>
/// <param name="input">Where <c>docker inspect</c>'s output comes from when the container is called <c>-</c>.</param>
internal sealed class ContainerLook(Deployment deployment, TextReader input)
{
    private const string FromInput = "-";
    private Task<InspectedContainer>? _found;

    public bool IsNamed => !string.IsNullOrWhiteSpace(deployment.Doctor.Container);

    /// <exception cref="InvalidOperationException">Docker does not say.</exception>
    /// <exception cref="JsonException">What came by the input is something else.</exception>
    public Task<InspectedContainer> InspectAsync(CancellationToken cancellationToken) => _found ??= LookAsync(cancellationToken);

    private async Task<InspectedContainer> LookAsync(CancellationToken cancellationToken)
    {
        var name = deployment.Doctor.Container!;
        return DockerInspect.Parse(
            name == FromInput ? await input.ReadToEndAsync(cancellationToken) : await DockerInspect.RunAsync(name, cancellationToken)
        );
    }
}
