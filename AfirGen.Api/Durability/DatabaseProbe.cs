using AfirGen.Api.Forwarding;
using AfirGen.Api.Registry;
using AfirGen.Api.Reliability;

namespace AfirGen.Api.Durability;

/// <summary>
/// Asks the registry whether it answers, past its breaker. A "no" counts at once. A "yes" does not: a server that answers may still not be
/// able to commit, so it is the forwarder's next delivery that says that the registry is back.
/// </summary>
internal sealed class DatabaseProbe(IRegistry registry, RegistryLink link, ServiceReadiness readiness) : IDependencyProbe
{
    public string Name => DependencyNames.Database;

    /// <summary>Before the start is through there is nothing to monitor.</summary>
    public bool Configured => readiness.HasStarted;

    public async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await registry.ProbeAsync(cancellationToken);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            link.Report(false, e.Message);
            throw;
        }
    }
}
