using AfirGen.Bench;
using AfirGen.Bench.Load;
using AfirGen.Bench.Machines;
using AfirGen.Bench.Scenarios;

if (args is [EmptyEndpoint.Command, var url])
{
    return await EmptyEndpoint.RunAsync(url);
}

if (args is [Drive.Command, var target, var clients, var seconds, .. [] or ["journeys"]])
{
    return await Drive.RunAsync(target, clients, seconds, journeys: args.Length == 5);
}

if (BenchOptions.Parse(args) is not { } options)
{
    return BenchOptions.UsageExitCode;
}

IScenario[] scenarios =
[
    new GroupCommit(),
    new PriceOfDurability(),
    new ProcessAgainstFloors(),
    new Journeys(),
    new Registrations(),
    new Reads(),
    new StartsAndStops(),
    new SteadyMemory(),
];
return await BenchRun.RunAsync(scenarios, options);
