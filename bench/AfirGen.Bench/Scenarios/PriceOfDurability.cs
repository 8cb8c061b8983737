using AfirGen.Api.Durability;
using AfirGen.Bench.Load;
using AfirGen.Bench.Machines;

namespace AfirGen.Bench.Scenarios;

/// <summary>The whole service as it is against the same service with settings that lose data in a crash.</summary>
internal sealed class PriceOfDurability : IScenario
{
    private const int Clients = 64;

    public string Name => "durability";

    public async Task RunAsync(BenchOptions options, ResultTable results)
    {
        await using (var durable = await ServiceUnderLoad.StartNewAsync())
        await using (var relaxed = await ServiceUnderLoad.StartNewAsync(mutation: Mutations.SynchronousOff))
        {
            await CompareAsync("embedded, against synchronous=OFF", durable, relaxed, 0.90, options, results);
        }

        await using var durableServer = await MySqlContainer.StartAsync(relaxed: false);
        await using var relaxedServer = await MySqlContainer.StartAsync(relaxed: true);
        await using var durableStack = await ServiceUnderLoad.StartNewAsync(durableServer);
        await using var relaxedStack = await ServiceUnderLoad.StartNewAsync(
            relaxedServer,
            $"{Mutations.SynchronousOff},{Mutations.GuardBlind}"
        );
        await CompareAsync("MySQL, against synchronous=OFF, flush=2, sync_binlog=0", durableStack, relaxedStack, 0.85, options, results);
    }

    private static async Task CompareAsync(
        string what,
        ServiceUnderLoad durable,
        ServiceUnderLoad relaxed,
        double target,
        BenchOptions options,
        ResultTable results
    )
    {
        var ours = new List<LoadResult>();
        var theirs = new List<LoadResult>();
        for (var round = 0; round < options.Rounds; round++)
        {
            ours.Add(await durable.RunAsync(Clients, options.Window));
            theirs.Add(await relaxed.RunAsync(Clients, options.Window));
        }

        var durably = await durable.ReadBackAsync(ours);
        var loosely = await relaxed.ReadBackAsync(theirs);
        results.AtLeast(
            $"POST /process, {Clients} clients, {what}",
            Figures.PerSecond(Figures.Median(durably, r => r.Rate)),
            Figures.PerSecond(Figures.Median(loosely, r => r.Rate)),
            Figures.Median(durably.Zip(loosely, (ours, theirs) => ours.Rate / theirs.Rate)),
            target
        );
    }
}
