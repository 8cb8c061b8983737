using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AfirGen.Api.Reliability;

internal static class ReliabilityServices
{
    /// <summary>Breakers, recovery and the health monitor. Probes are whatever is registered as <see cref="IDependencyProbe"/>.</summary>
    public static IServiceCollection AddReliability(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CircuitBreakers>();
        services.TryAddSingleton<DependencyProbes>();
        services.TryAddSingleton<AutoRecovery>();
        services.TryAddSingleton<HealthMonitor>();
        services.AddHostedService(provider => provider.GetRequiredService<HealthMonitor>());
        return services;
    }
}
