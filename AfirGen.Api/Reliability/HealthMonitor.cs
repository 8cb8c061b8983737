namespace AfirGen.Api.Reliability;

/// <summary>
/// Probes every configured dependency at start and each <see cref="Interval"/>, and has the recovery look after open breakers more often
/// than that: what waits for a dependency should not wait for the next check.
/// </summary>
internal sealed class HealthMonitor(
    CircuitBreakers breakers,
    DependencyProbes probes,
    AutoRecovery recovery,
    TimeProvider time,
    ILogger<HealthMonitor> logger
) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan RecoveryInterval = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, HealthHistory> _histories = DependencyNames.All.ToDictionary(
        name => name,
        name => new HealthHistory(name)
    );

    public IReadOnlyList<HealthStatus> Statuses =>
        [.. DependencyNames.All.Select(name => _histories[name].Status(probes.IsConfigured(name)))];

    /// <summary>False as soon as one configured dependency failed its last check.</summary>
    public bool OverallHealthy => Statuses.All(status => !status.Configured || status.Healthy is not false);

    /// <summary>One round of checks. Dependencies are checked side by side: a slow one does not delay the others.</summary>
    public Task CheckAsync(CancellationToken cancellationToken) =>
        Task.WhenAll([.. probes.Configured.Select(name => CheckAsync(name, cancellationToken))]);

    /// <summary>Probes what an open breaker keeps callers from, and closes the breaker of what answers.</summary>
    public Task RecoverAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(
            probes
                .Configured.Where(name => breakers.Find(name) is { IsClosed: false })
                .Select(name => recovery.TriggerAsync(name, cancellationToken))
        );

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(EveryAsync(Interval, CheckAsync, stoppingToken), EveryAsync(RecoveryInterval, RecoverAsync, stoppingToken));

    private async Task EveryAsync(TimeSpan interval, Func<CancellationToken, Task> round, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            try
            {
                await round(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The monitor outlives whatever a round runs into: a monitor that died would go on reporting its last, happy state.
                logger.LogError(exception, "A round of health checks failed");
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task CheckAsync(string name, CancellationToken cancellationToken)
    {
        var healthy = await probes.ProbeAsync(name, cancellationToken);
        if (_histories[name].Record(healthy, time.GetUtcNow()))
        {
            if (healthy)
            {
                logger.LogInformation("Health check '{Name}': RECOVERED", name);
            }
            else
            {
                logger.LogWarning("Health check '{Name}': FAILED", name);
            }
        }
    }
}
