using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>
/// The service at work while it is killed, loses its power, its disk, its clock and its database, and every acknowledgement held against
/// what is there afterwards. Bounded here, together with <see cref="MySqlTortureTests"/> at least 100 kills, 20 power cuts and 20
/// kills of MySQL; torture.sh runs the explicit ones for as long as somebody likes.
/// </summary>
public sealed class TortureTests
{
    [Fact]
    public async Task G1_to_G8_hold_through_80_kills_and_12_power_cuts()
    {
        SmallDisk.RequireMounting();
        await using var machine = new EmbeddedMachine(new Dictionary<string, string>());
        var settings = TortureSettings.Bounded(TortureSettings.All(mysql: false)) with
        {
            Goal = new(80, 12, 0, HitRequests: 60, EveryPoint: true, MetricMovement.OnlyWithMySql),
            Ends = [Fault.Kill, Fault.Kill, Fault.Kill, Fault.Kill, Fault.Kill, Fault.PowerCut],
        };
        var tally = await TortureRun.RunAsync(settings, machine);
        Assert.True(tally is { Rounds: < TortureSettings.MostBoundedRounds, Acknowledged: > 1000 }, $"{tally}");
    }

    [Fact(Explicit = true)]
    public async Task G1_to_G8_hold_on_the_embedded_stack_for_as_long_as_asked()
    {
        await using var machine = new EmbeddedMachine(new Dictionary<string, string>());
        await TortureRun.RunAsync(TortureSettings.FromEnvironment(mysql: false), machine);
    }
}
