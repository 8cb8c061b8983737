using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary><see cref="TortureTests"/> with MySQL as the registry. A class of its own, so that the two run beside each other.</summary>
public sealed class MySqlTortureTests
{
    [Fact]
    public async Task G1_to_G8_hold_with_MySQL_through_20_kills_8_power_cuts_and_20_kills_of_MySQL()
    {
        SmallDisk.RequireMounting();
        await using var machine = await MySqlMachine.StartAsync(new Dictionary<string, string>());
        var quick = TortureSettings.All(mysql: true).Except([Fault.SlowDisk, Fault.DiskFull, Fault.MysqlStop, Fault.MysqlPause]);
        var settings = TortureSettings.Bounded(quick) with
        {
            Goal = new(20, 8, 20, HitRequests: 15, MetricsBut: MetricMovement.OnlyEmbedded),
            Ends = [Fault.Kill, Fault.Kill, Fault.PowerCut],
            OftenUnder = 1,
        };
        var tally = await TortureRun.RunAsync(settings, machine);
        Assert.True(tally is { Rounds: < TortureSettings.MostBoundedRounds, Acknowledged: > 500 }, $"{tally}");
    }

    [Fact(Explicit = true)]
    public async Task G1_to_G8_hold_with_MySQL_for_as_long_as_asked()
    {
        await using var machine = await MySqlMachine.StartAsync(new Dictionary<string, string>());
        await TortureRun.RunAsync(TortureSettings.FromEnvironment(mysql: true), machine);
    }
}
