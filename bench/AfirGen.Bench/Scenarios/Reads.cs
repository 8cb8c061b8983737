namespace AfirGen.Bench.Scenarios;
internal sealed class Reads : IScenario
{
    public string Name => "reads";
    public Task RunAsync(BenchOptions options, ResultTable results) => Task.CompletedTask;
}
