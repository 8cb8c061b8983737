namespace AfirGen.Bench.Scenarios;
internal sealed class StartsAndStops : IScenario
{
    public string Name => "starts";
    public Task RunAsync(BenchOptions options, ResultTable results) => Task.CompletedTask;
}
