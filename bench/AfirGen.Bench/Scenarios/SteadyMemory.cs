using System.Globalization;
using AfirGen.Bench.Load;
using AfirGen.Bench.Machines;

namespace AfirGen.Bench.Scenarios;

/// <summary>Memory under full load: a quarter of the way, and at its end. What grows on the way would grow for ever.</summary>
internal sealed class SteadyMemory : IScenario
{
    private const int Clients = 64;
    private const int Quarters = 4;
    private const string Allocated = "dotnet_gc_heap_total_allocated_bytes_total";

    public string Name => "memory";

    public async Task RunAsync(BenchOptions options, ResultTable results)
    {
        await using var service = await ServiceUnderLoad.StartNewAsync();
        var resident = new List<double>();
        var before = await AllocatedAsync(service);
        var rounds = new List<LoadResult>();
        for (var quarter = 0; quarter < Quarters; quarter++)
        {
            rounds.Add(
                options.Requests is { } requests
                    ? await service.RunManyAsync(Clients, requests / Quarters)
                    : await service.RunAsync(Clients, options.Window * (options.Quick ? 1 : 4))
            );
            resident.Add(service.ResidentBytes());
        }

        var allocated = await AllocatedAsync(service) - before;
        var found = await service.ReadBackAsync(rounds);
        var sent = found.Sum(round => round.Found);
        var what = string.Create(CultureInfo.InvariantCulture, $"embedded, {Clients} clients, {sent:#,0} requests: ");
        results.AtMost(what + "resident", Figures.Mebibytes(resident[^1]), "", resident[^1] / (1 << 20), 250, " MiB");
        results.AtMost(
            what + "resident, against a quarter of them",
            Figures.Mebibytes(resident[^1]),
            Figures.Mebibytes(resident[0]),
            resident[^1] / resident[0],
            1.2
        );
        results.Add(what + "bytes allocated a request", (allocated / sent).ToString("#,0", CultureInfo.InvariantCulture));
    }

    private static async Task<double> AllocatedAsync(ServiceUnderLoad service)
    {
        using var client = service.Api.CreateClient();
        var metrics = (await client.GetAsync("/metrics")).RequireOk().Text;
        var line = metrics.Split('\n').First(line => line.StartsWith(Allocated, StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
