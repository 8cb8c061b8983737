using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>
/// The service at work while it is killed, loses its power, its disk, its clock and its database, and every acknowledgement held against
/// what is there afterwards. Bounded here; torture.sh runs the explicit ones for as long as somebody likes.
/// </summary>
public sealed class TortureTests
{
    private const int MostRounds = 200;

    // The bounded runs together: at least 100 kills, 20 power cuts and 20 kills of MySQL.
    [Fact]
    public async Task G1_to_G8_hold_through_80_kills_and_12_power_cuts()
    {
        SmallDisk.RequireMounting();
        await using var machine = new EmbeddedMachine(new Dictionary<string, string>());
        var settings = Bounded(TortureSettings.All(mysql: false)) with
        {
            Goal = new(80, 12, 0, HitRequests: 60, EveryPoint: true, MetricMovement.OnlyWithMySql),
            Ends = [Fault.Kill, Fault.Kill, Fault.Kill, Fault.Kill, Fault.Kill, Fault.PowerCut],
        };
        var tally = await RunAsync(settings, machine);
        Assert.True(tally is { Rounds: < MostRounds, Acknowledged: > 1000 }, $"{tally}");
    }

    [Fact]
    public async Task G1_to_G8_hold_with_MySQL_through_20_kills_8_power_cuts_and_20_kills_of_MySQL()
    {
        SmallDisk.RequireMounting();
        await using var machine = await MySqlMachine.StartAsync(new Dictionary<string, string>());
        var quick = TortureSettings.All(mysql: true).Except([Fault.SlowDisk, Fault.DiskFull, Fault.MysqlStop, Fault.MysqlPause]);
        var settings = Bounded(quick) with
        {
            Goal = new(20, 8, 20, HitRequests: 15, MetricsBut: MetricMovement.OnlyEmbedded),
            Ends = [Fault.Kill, Fault.Kill, Fault.PowerCut],
            OftenUnder = 1,
        };
        var tally = await RunAsync(settings, machine);
        Assert.True(tally is { Rounds: < MostRounds, Acknowledged: > 500 }, $"{tally}");
    }

    [Fact(Explicit = true)]
    public async Task G1_to_G8_hold_on_the_embedded_stack_for_as_long_as_asked()
    {
        await using var machine = new EmbeddedMachine(new Dictionary<string, string>());
        await RunAsync(TortureSettings.FromEnvironment(mysql: false), machine);
    }

    [Fact(Explicit = true)]
    public async Task G1_to_G8_hold_with_MySQL_for_as_long_as_asked()
    {
        await using var machine = await MySqlMachine.StartAsync(new Dictionary<string, string>());
        await RunAsync(TortureSettings.FromEnvironment(mysql: true), machine);
    }

    private static TortureSettings Bounded(IEnumerable<Fault> faults) =>
        new()
        {
            Seed = Seed.Next(),
            Faults = faults.ToHashSet(),
            MostRequests = 50,
            Rounds = MostRounds,
        };

    private static async Task<Tally> RunAsync(TortureSettings settings, Machine machine)
    {
        using var run = new TortureRun(settings, machine, Say);
        try
        {
            await run.RunAsync();
        }
        finally
        {
            Say(run.Tally.ToString()); // also of a run that found something
        }

        return run.Tally;
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
