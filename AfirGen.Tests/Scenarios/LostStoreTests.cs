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

    [Theory]
    [InlineData("sessions.db")]
    [InlineData("firs.db")]
    public async Task G7_a_store_that_a_newer_version_has_migrated_keeps_an_older_one_from_starting(string store)
    {
        await using var stack = await EmbeddedStack.StartAsync();
        var number = (await stack.Client.ProcessAsync("Before")).RequireOk()["fir_number"];
        await stack.StopApiAsync();
        var file = Path.Combine(stack.DataFolder, store);
        Stores.Tamper(file, "INSERT INTO VersionInfo (Version, AppliedOn) VALUES (299912310000, '2999-12-31')");

        var older = stack.LaunchApi();

        Assert.Equal(1, await older.WaitForExitAsync());
        Assert.Contains(
            older.Log,
            line => line.Contains($"{store} was written by a newer version of AfirGen (schema 299912310000)", StringComparison.Ordinal)
        );
        Stores.Tamper(file, "DELETE FROM VersionInfo WHERE Version = 299912310000");
        await stack.StartApiAsync();
        Assert.Contains(number, (await stack.Client.GetAsync("/list_firs")).RequireOk().Text, StringComparison.Ordinal);
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
