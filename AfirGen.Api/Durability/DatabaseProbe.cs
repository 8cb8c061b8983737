using AfirGen.Api.Forwarding;
using AfirGen.Api.Registry;
using AfirGen.Api.Reliability;

namespace AfirGen.Api.Durability;

/// <summary>Asks the registry whether it answers, past its breaker, and has the outbox delivered when it does again.</summary>
internal sealed class DatabaseProbe(IRegistry registry, RegistryLink link, OutboxForwarder forwarder, ServiceReadiness readiness)
    : IDependencyProbe
{
    public string Name => DependencyNames.Database;

    /// <summary>Before the start is through there is nothing to monitor.</summary>
    public bool Configured => readiness.HasStarted;

    public async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await registry.ProbeAsync(cancellationToken);
            link.Report(true, null);
            forwarder.Wake();
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            link.Report(false, e.Message);
            throw;
        }
    }
}
