using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>The torture run as torture.sh starts it. Explicit: its length is whoever starts it decides.</summary>
public sealed class TortureTests
{
    [Fact(Explicit = true)]
    public async Task G1_to_G8_hold_on_the_embedded_stack()
    {
        var settings = TortureSettings.FromEnvironment(mysql: false);
        await using var machine = new EmbeddedMachine(new Dictionary<string, string>());
        await RunAsync(settings, machine);
    }

    [Fact(Explicit = true)]
    public async Task G1_to_G8_hold_with_MySQL()
    {
        var settings = TortureSettings.FromEnvironment(mysql: true);
        await using var machine = await MySqlMachine.StartAsync(new Dictionary<string, string>());
        await RunAsync(settings, machine);
    }

    private static async Task RunAsync(TortureSettings settings, Machine machine)
    {
        using var run = new TortureRun(settings, machine, Say);
        await run.RunAsync();
        Say(run.Tally.ToString());
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
