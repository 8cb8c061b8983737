namespace AfirGen.Api.Reliability;

/// <summary>One breaker per dependency, for the life of the process.</summary>
internal sealed class CircuitBreakers(TimeProvider time)
{
    public NamedCircuitBreaker ModelServer { get; } = new(DependencyNames.ModelServer, time);
    public NamedCircuitBreaker AsrOcrServer { get; } = new(DependencyNames.AsrOcrServer, time);
    public NamedCircuitBreaker Database { get; } = new(DependencyNames.Database, time);

    public IReadOnlyList<NamedCircuitBreaker> All => [ModelServer, AsrOcrServer, Database];

    /// <returns>Null for a name that is not in <see cref="DependencyNames"/>.</returns>
    public NamedCircuitBreaker? Find(string name) => All.FirstOrDefault(breaker => breaker.Name == name);
}
