using System.Net;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;

namespace AfirGen.Api.Doctor.Container;

/// <summary>What Docker says of the service's container.</summary>
/// <param name="StopTimeout">Between SIGTERM and SIGKILL.</param>
/// <param name="PublishedOn">Addresses of the machine.</param>
internal sealed record InspectedContainer(string Name, string RestartPolicy, TimeSpan StopTimeout, IReadOnlyList<string> PublishedOn)
{
    /// <summary>Whether others than this machine reach what it publishes.</summary>
    public bool IsExposed => PublishedOn.Any(address => !IPAddress.TryParse(address, out var ip) || !IPAddress.IsLoopback(ip));
}

/// <summary>The command <c>docker inspect</c>, and what it prints.</summary>
internal static class DockerInspect
{
    private const int DefaultStopSeconds = 10;

    /// <param name="json">What <c>docker inspect</c> prints.</param>
    /// <exception cref="JsonException">It is not that.</exception>
    public static InspectedContainer Parse(string json)
    {
        try
        {
            var container = JsonSerializer.Deserialize<JsonElement>(json)[0];
            var host = container.GetProperty("HostConfig");
            var config = container.GetProperty("Config");
            return new(
                container.GetProperty("Name").GetString()!.TrimStart('/'),
                host.GetProperty("RestartPolicy").GetProperty("Name").GetString()!,
                TimeSpan.FromSeconds(
                    config.TryGetProperty("StopTimeout", out var seconds) && seconds.ValueKind == JsonValueKind.Number
                        ? seconds.GetInt32()
                        : DefaultStopSeconds
                ),
                [.. Published(host)]
            );
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new JsonException("this is not what docker inspect prints", e);
        }
    }

    /// <exception cref="InvalidOperationException">Docker does not say.</exception>
    public static async Task<string> RunAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var result = await Cli.Wrap("docker")
                .WithArguments(["container", "inspect", name])
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(cancellationToken);
            return result.ExitCode == 0
                ? result.StandardOutput
                : throw new InvalidOperationException(result.StandardError.Trim().ReplaceLineEndings(" "));
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException($"docker cannot be run: {e.Message}", e);
        }
    }

    private static IEnumerable<string> Published(JsonElement host) =>
        host.GetProperty("NetworkMode").GetString() == "host" ? ["0.0.0.0"]
        : host.TryGetProperty("PortBindings", out var bindings) && bindings.ValueKind == JsonValueKind.Object
            ? bindings
                .EnumerateObject()
                .Where(port => port.Value.ValueKind == JsonValueKind.Array)
                .SelectMany(port => port.Value.EnumerateArray())
                .Select(binding => binding.GetProperty("HostIp").GetString() is { Length: > 0 } address ? address : "0.0.0.0")
        : [];
}
