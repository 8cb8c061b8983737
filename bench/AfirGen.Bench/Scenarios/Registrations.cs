namespace AfirGen.Bench.Scenarios;
internal sealed class Registrations : IScenario
{
    public string Name => "registration";
    public Task RunAsync(BenchOptions options, ResultTable results) => Task.CompletedTask;
}
