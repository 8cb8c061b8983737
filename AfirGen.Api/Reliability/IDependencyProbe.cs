namespace AfirGen.Api.Reliability;

/// <summary>Asks one dependency whether it works, cheaply and without going through its breaker.</summary>
internal interface IDependencyProbe
{
    /// <summary>One of <see cref="DependencyNames"/>.</summary>
    string Name { get; }

    /// <summary>False when this installation does without the dependency: it is then neither monitored nor recovered.</summary>
    bool Configured => true;

    /// <returns>Whether it works. Throwing counts as "no".</returns>
    Task<bool> ProbeAsync(CancellationToken cancellationToken);
}
