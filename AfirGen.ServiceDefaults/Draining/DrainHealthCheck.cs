using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AfirGen.ServiceDefaults.Draining;

/// <summary>Readiness goes false with the first refused request, so that load balancers look elsewhere (D-23). Liveness is unaffected.</summary>
internal sealed class DrainHealthCheck(DrainCoordinator drain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = drain.Status;
        return Task.FromResult(
            status.State == DrainState.Serving
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"{status.State} since {status.Since:O}, {status.InFlight} requests in flight")
        );
    }
}
