using AfirGen.Api.Durability;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>A store that is deleted under the service: SQLite would go on writing to the deleted file.</summary>
public sealed class LostStoreTests
{
    [Theory]
    [InlineData("sessions.db")]
    [InlineData("firs.db")]
    public async Task G1_a_service_whose_store_was_deleted_stops_instead_of_acknowledging(string store)
    {
        await using var stack = await EmbeddedStack.StartAsync();
        (await stack.Client.ProcessAsync("Before")).RequireOk();
        File.Delete(Path.Combine(stack.DataFolder, store));

        // The journal refuses by ending the process; a lost registry ends it when the delivery is tried, after the journal took it.
        try
        {
            Assert.NotEqual("registry", (await stack.Client.ProcessAsync("After")).Headers.GetValueOrDefault("X-Durability"));
        }
        catch (HttpRequestException)
        {
            // cut off: the outcome is not known, and nothing was acknowledged
        }

        Assert.Equal(FatalStop.ExitCode, await stack.Api.WaitForExitAsync());
        Assert.Contains(stack.Api.Log, line => line.Contains($"{store} was deleted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task G6_a_journal_that_vanished_between_two_runs_is_reported_as_data_loss()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        (await stack.Client.ProcessAsync("Before")).RequireOk();
        await stack.StopApiAsync();
        foreach (var file in Directory.GetFiles(stack.DataFolder, "sessions.db*"))
        {
            File.Delete(file);
        }

        await stack.StartApiAsync();

        Assert.Contains(stack.Api.Log, line => line.Contains("DATA LOSS", StringComparison.Ordinal));
        Assert.Contains(
            "afirgen_ack_missing_total{otel_scope_name=\"AfirGen.Durability\"} 1",
            (await stack.Client.GetAsync("/metrics")).Text
        );
    }
}
