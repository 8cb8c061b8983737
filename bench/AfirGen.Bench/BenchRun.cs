using System.Diagnostics;

namespace AfirGen.Bench;

/// <summary>Runs the chosen scenarios one after the other and prints the table.</summary>
internal static class BenchRun
{
    public static async Task<int> RunAsync(IReadOnlyList<IScenario> scenarios, BenchOptions options)
    {
        if (options.Only.FirstOrDefault(name => scenarios.All(scenario => scenario.Name != name)) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"bench: {unknown} is none of {string.Join(", ", scenarios.Select(s => s.Name))}");
            return BenchOptions.UsageExitCode;
        }

        var results = new List<Result>();
        var failed = false;
        foreach (var scenario in scenarios.Where(s => options.Only.Count == 0 || options.Only.Contains(s.Name)))
        {
            var clock = Stopwatch.StartNew();
            await Console.Error.WriteLineAsync($"{scenario.Name}:");
            try
            {
                await scenario.RunAsync(options, new(scenario.Name, results));
            }
            catch (Exception e)
            {
                failed = true; // the others are still worth having; the exit code says that the table is not whole
                results.Add(new(scenario.Name, "could not be measured", e.GetType().Name, "", null, "", null));
                await Console.Error.WriteLineAsync(e.ToString());
            }

            await Console.Error.WriteLineAsync($"  took {clock.Elapsed.TotalSeconds:0} s");
        }

        Console.WriteLine(ResultTable.Text(results));
        Console.WriteLine(Machine);
        if (options.Json is { } path)
        {
            await ResultTable.WriteJsonAsync(path, Machine, results);
        }

        return failed ? 1 : 0;
    }

    private static string Machine =>
        $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30)} GiB, "
        + $"{Environment.OSVersion}, .NET {Environment.Version}, load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]}";
}
