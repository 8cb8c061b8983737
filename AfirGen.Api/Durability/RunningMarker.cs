using AfirGen.ServiceDefaults.Draining;

namespace AfirGen.Api.Durability;

/// <summary>
/// Takes the running marker away after everything else has stopped. Registered first, so its StoppedAsync is the host's last; whatever
/// dies before it is treated as a crash by the next start, which is always safe.
/// </summary>
internal sealed class RunningMarker(
    DataFolder folder,
    ServiceReadiness readiness,
    DrainCoordinator drain,
    CrashPoints crashPoints,
    ILogger<RunningMarker> logger
) : IHostedLifecycleService
{
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        crashPoints.Hit(CrashPoints.BetweenFlushAndExit);
        if (readiness.HasStarted && drain.Status.LastReport is { } report)
        {
            LeaveWord(report);
        }

        if (readiness.HasStarted && Environment.ExitCode == 0)
        {
            folder.MarkStopped();
            logger.LogInformation("Clean stop");
        }

        return Task.CompletedTask;
    }

    private void LeaveWord(DrainReport report)
    {
        try
        {
            LastStop.Write(folder, report);
        }
        catch (IOException e)
        {
            logger.LogWarning("The next start will not be able to say how this run ended: {Reason}", e.Message);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
