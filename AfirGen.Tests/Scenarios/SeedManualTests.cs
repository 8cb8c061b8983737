using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>The two manual tests that operators have always run, as they are written.</summary>
public sealed class SeedManualTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_complaint_is_listed_after_a_restart_and_after_a_kill(bool kill)
    {
        await using var stack = await EmbeddedStack.StartAsync();
        var created = (await stack.Client.ProcessAsync("Test")).RequireOk();

        await stack.RestartAsync(kill);

        var list = (await stack.Client.GetAsync("/list_firs")).RequireOk();
        Assert.Equal(created["fir_number"], list.Json["records"]![0]!["fir_number"]!.ToString());
        Assert.Equal(kill, stack.Api.Log.Any(line => line.Contains("did NOT stop cleanly", StringComparison.Ordinal)));
    }
}
