namespace AfirGen.Bench.Scenarios;
internal sealed class SteadyMemory : IScenario
{
    public string Name => "memory";
    public Task RunAsync(BenchOptions options, ResultTable results) => Task.CompletedTask;
}
