using AfirGen.Tests.Stack;
using Microsoft.Data.Sqlite;

namespace AfirGen.Tests.Durability;

/// <summary>The self-audit of a running service finds what is missing: once, loudly, and in /health (G6).</summary>
public sealed class ScrubberTests : IAsyncLifetime
{
    private EmbeddedStack _stack = null!;

    public async ValueTask InitializeAsync() =>
        _stack = await EmbeddedStack.StartAsync(new Dictionary<string, string> { ["AfirGen:Housekeeping:AuditInterval"] = "00:00:00.05" });

    public ValueTask DisposeAsync() => _stack.DisposeAsync();

    [Fact]
    public async Task Healthy_data_is_read_again_and_again_and_nothing_is_missing()
    {
        await Journeys.RegisterAsync(_stack.Client);
        await Journeys.CompleteAsync(_stack.Client);
        (await _stack.Client.ProcessAsync("Test")).RequireOk();

        var before = (await Scrape.OfAsync(_stack.Client)).Sum("afirgen_ack_checked_total");
        var scrape = await Scrape.WaitForAsync(_stack.Client, s => s.Sum("afirgen_ack_checked_total") > before + 9, "three rounds");

        Assert.True(scrape.Has("afirgen_ack_missing_total"));
        Assert.Equal(0, scrape.Sum("afirgen_ack_missing_total"));
        Assert.Equal("healthy", (await _stack.Client.GetAsync("/health"))["status"]);
    }

    [Fact]
    public async Task G6_every_way_of_losing_something_is_found_and_counted_once()
    {
        var deletedEvent = (await _stack.Client.ProcessAsync("one event goes")).RequireOk()["session_id"];
        var changedState = (await _stack.Client.ProcessAsync("its state is changed")).RequireOk()["session_id"];
        var nonsense = (await _stack.Client.ProcessAsync("an event becomes nonsense")).RequireOk()["session_id"];
        var deletedRecord = (await _stack.Client.ProcessAsync("its record goes")).RequireOk()["session_id"];
        var deletedSession = (await _stack.Client.ProcessAsync("it goes with all its events")).RequireOk()["session_id"];
        var turnedBack = (await Journeys.RegisterAsync(_stack.Client))["session_id"];
        var untouched = (await _stack.Client.ProcessAsync("nothing happens to it")).RequireOk()["session_id"];

        await FoundAsync(
            1,
            _stack.Stores.JournalFile,
            $"DROP TRIGGER session_events_are_never_deleted; DELETE FROM session_events WHERE session_id = '{deletedEvent}' AND seq = 1"
        );
        await FoundAsync(
            2,
            _stack.Stores.JournalFile,
            $"UPDATE session_rows SET state = json_set(state, '$.original_text', 'altered') WHERE session_id = '{changedState}'"
        );
        await FoundAsync(
            3,
            _stack.Stores.JournalFile,
            $$"""
            DROP TRIGGER session_events_never_change;
            UPDATE session_events SET content = '{"kind":"resumed"}' WHERE session_id = '{{nonsense}}' AND seq = 2
            """
        );
        await FoundAsync(
            4,
            _stack.Stores.RegistryFile,
            $"DROP TRIGGER records_are_never_deleted; DELETE FROM fir_records WHERE session_id = '{deletedRecord}'"
        );
        await FoundAsync(
            5,
            _stack.Stores.RegistryFile,
            $"DROP TRIGGER finalized_records_never_change; UPDATE fir_records SET status = 'pending' WHERE session_id = '{turnedBack}'"
        );

        await FoundAsync(
            6,
            _stack.Stores.JournalFile,
            $"DELETE FROM session_events WHERE session_id = '{deletedSession}'; DELETE FROM session_rows WHERE session_id = '{deletedSession}'"
        );

        var checkedSoFar = (await Scrape.OfAsync(_stack.Client)).Sum("afirgen_ack_checked_total");
        var later = await Scrape.WaitForAsync(
            _stack.Client,
            s => s.Sum("afirgen_ack_checked_total") > checkedSoFar + 18,
            "three more rounds"
        );
        Assert.Equal(6, later.Sum("afirgen_ack_missing_total"));

        var health = await _stack.Client.GetAsync("/health");
        Assert.Equal((200, "degraded"), (health.Status, health["status"]));
        Assert.Contains("6 data loss incidents", health.Json["reasons"]!.ToJsonString(), StringComparison.Ordinal);

        var losses = _stack.Api.Log.Where(line => line.Contains("DATA LOSS", StringComparison.Ordinal)).ToList();
        Assert.Equal(6, losses.Count);
        foreach (var session in new[] { deletedEvent, changedState, nonsense, deletedRecord, deletedSession, turnedBack })
        {
            Assert.Single(losses, line => line.Contains(session, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(losses, line => line.Contains(untouched, StringComparison.Ordinal));
    }

    private async Task FoundAsync(int missing, string file, string sql)
    {
        TamperWhenFree(file, sql);
        await Scrape.WaitForAsync(_stack.Client, s => s.Sum("afirgen_ack_missing_total") >= missing, $"loss {missing} is found");
    }

    // The library waits by itself while the service commits.
    private static void TamperWhenFree(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false;Foreign Keys=false");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // written by this test
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
