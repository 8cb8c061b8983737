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

    [Fact]
    public async Task Grep_for_flush_shows_the_five_lines_of_a_stop_in_order()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        (await stack.Client.ProcessAsync("Test")).RequireOk();
        await stack.StopApiAsync();

        var found = string.Join('\n', stack.Api.Log.Where(line => line.Contains("flush", StringComparison.OrdinalIgnoreCase)));
        string[] promised =
        [
            "Session database flushed to disk",
            "✅ Session data flushed",
            "Database tables flushed to disk",
            "✅ MySQL data flushed",
            "✅ All data successfully persisted to disk",
        ];
        var positions = promised.Select(line => found.IndexOf(line, StringComparison.Ordinal)).ToArray();
        Assert.DoesNotContain(-1, positions);
        Assert.Equal(positions.Order(), positions);
    }
}
