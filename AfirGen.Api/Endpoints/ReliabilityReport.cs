using AfirGen.Api.Reliability;
using AfirGen.ServiceDefaults.Draining;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Endpoints;

/// <summary>What /reliability and /health say about breakers, drain and monitoring.</summary>
internal sealed class ReliabilityReport(
    CircuitBreakers breakers,
    DrainCoordinator drain,
    IOptions<DrainOptions> drainOptions,
    HealthMonitor monitor,
    AutoRecovery recovery,
    TimeProvider clock
)
{
    public object Read() =>
        new
        {
            timestamp = clock.GetUtcNow(),
            circuit_breakers = Breakers(),
            graceful_shutdown = GracefulShutdown(),
            health_monitor = Monitor(),
            auto_recovery = new { handlers = recovery.Statuses.ToDictionary(s => s.Name), max_attempts = AutoRecovery.MaxAttempts },
            uptime_target = "99.9%",
            max_downtime_per_month = "43.8 minutes",
        };

    public object Breakers() => breakers.All.ToDictionary(b => b.Name, b => b.Status);

    public object GracefulShutdown()
    {
        var status = drain.Status;
        return new
        {
            shutdown_timeout = drainOptions.Value.DrainTimeout.TotalSeconds,
            is_shutting_down = status.State != DrainState.Serving,
            active_requests = status.InFlight,
            state = status.State,
            since = status.Since,
            last_drain = status.LastReport,
        };
    }

    public object Monitor() => new { checks = monitor.Statuses.ToDictionary(s => s.Name), overall_healthy = monitor.OverallHealthy };
}
