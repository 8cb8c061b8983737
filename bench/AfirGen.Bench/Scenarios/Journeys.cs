namespace AfirGen.Bench.Scenarios;
internal sealed class Journeys : IScenario
{
    public string Name => "journeys";
    public Task RunAsync(BenchOptions options, ResultTable results) => Task.CompletedTask;
}
