using System.Text.Json;

namespace AfirGen.Api.Doctor.Container;

/// <summary>The container comes back by itself, and gets the time that a stop may take.</summary>
internal sealed class ContainerStops(ContainerLook look, Deployment deployment) : ICheck
{
    private static readonly string[] ComesBack = ["always", "unless-stopped", "on-failure"];

    public string Name => "container";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        if (!look.IsNamed)
        {
            return [Finding.NotLookedAt("no container is named", "--container afirgen-fir_pipeline, or ./doctor.sh")];
        }

        try
        {
            var container = await look.InspectAsync(cancellationToken);
            return [JudgePolicy(container), JudgeTime(container)];
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException)
        {
            return [Finding.Unknown(e.Message, "docker ps -a   # and --container NAME")];
        }
    }

    private static Finding JudgePolicy(InspectedContainer container) =>
        ComesBack.Contains(container.RestartPolicy)
            ? Finding.Right($"{container.Name}: restart policy {container.RestartPolicy}")
            : Finding.Wrong(
                $"{container.Name}: restart policy {container.RestartPolicy}: it stays down after a crash and after a start of the machine",
                $"docker update --restart always {container.Name}"
            );

    private Finding JudgeTime(InspectedContainer container)
    {
        // A kill loses nothing, but it cuts requests that a drain would have let complete (G5).
        var stop = deployment.Drain.HostShutdownTimeout;
        return container.StopTimeout > stop
            ? Finding.Right($"{container.Name}: {container.StopTimeout.TotalSeconds} s to stop, a stop takes at most {stop.TotalSeconds} s")
            : Finding.Wrong(
                $"{container.Name}: killed {container.StopTimeout.TotalSeconds} s after it is told to stop, which may take {stop.TotalSeconds} s",
                $"docker-compose.yaml: stop_grace_period: {deployment.Drain.OrchestratorGracePeriod.TotalSeconds}s; then {Mending.RecreateService}"
            );
    }
}
