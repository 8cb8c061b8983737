using Polly;

namespace AfirGen.Api.Reliability;

/// <summary>The probes by name, each bounded in time; what a probe throws means "no".</summary>
internal sealed class DependencyProbes(IEnumerable<IDependencyProbe> probes, TimeProvider time, ILogger<DependencyProbes> logger)
{
    public static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, IDependencyProbe> _byName = probes.ToDictionary(probe => probe.Name, StringComparer.Ordinal);
    private readonly ResiliencePipeline _timeout = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddTimeout(ProbeTimeout)
        .Build();

    public bool IsConfigured(string name) => _byName.TryGetValue(name, out var probe) && probe.Configured;

    public IEnumerable<string> Configured => DependencyNames.All.Where(IsConfigured);

    public async Task<bool> ProbeAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await _timeout.ExecuteAsync(async token => await _byName[name].ProbeAsync(token), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogDebug("Probe of '{Name}' failed: {Failure}", name, exception.GetType().Name);
            return false;
        }
    }
}
