using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Registry;

/// <summary>G6 with the service running: what somebody with root's password does to MySQL shows where operators look.</summary>
[Collection(MySqlTests.Name)]
public sealed class MySqlTamperingTests(MySqlServer server) : IDisposable
{
    private const int Count = 5;
    private const string Incidents = "afirgen_data_loss_incidents_total";
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("UPDATE fir_records SET fir_content = CONCAT(fir_content, ' ') WHERE ledger_position = 4", 4, "was altered")]
    [InlineData("DELETE FROM fir_records WHERE ledger_position = 2", 2, "is missing")]
    [InlineData(
        "UPDATE fir_records SET ledger_position = 100 WHERE ledger_position = 3; UPDATE fir_records SET ledger_position = 3 WHERE ledger_position = 4; UPDATE fir_records SET ledger_position = 4 WHERE ledger_position = 100",
        3,
        "does not follow"
    )]
    [InlineData("DELETE FROM fir_records WHERE ledger_position > 3", 4, "the end is missing")]
    [InlineData(
        "DELETE FROM fir_records WHERE ledger_position > 3; UPDATE ledger_head SET position = 3, hash = (SELECT record_hash FROM fir_records WHERE ledger_position = 3)",
        4,
        "cut back"
    )]
    public async Task G6_tampering_under_a_running_service_is_located_degrades_health_and_counts(string sql, long position, string reason)
    {
        var database = await FillAsync();
        var settings = new Dictionary<string, string> { ["ConnectionStrings:firdb"] = server.RootConnectionString(database) };
        await using var api = await ApiProcess.StartAsync(_folder.Path, settings);
        using var client = api.CreateClient();
        await Eventually.TrueAsync(() => new Stores(_folder.Path).JournalCount("ledger_checkpoints") == 1, "the ledger was verified once");
        Assert.Equal("true", (await client.GetAsync("/ledger/verify")).RequireOk()["ok"]);
        Assert.Equal("healthy", (await client.GetAsync("/health"))["status"]);
        Assert.Equal(0, (await Scrape.OfAsync(client)).Sum(Incidents));

        await server.ExecuteAsync(
            $"DROP TRIGGER finalized_records_never_change; DROP TRIGGER records_are_never_deleted; DROP TRIGGER the_ledger_only_grows; {sql}",
            database
        );

        for (var again = 0; again < 2; again++)
        {
            var found = (await client.GetAsync("/ledger/verify")).RequireOk();
            Assert.Equal(("false", $"{position}", $"{position - 1}"), (found["ok"], found["first_bad_position"], found["verified_to"]));
            Assert.Contains(reason, found["reason"], StringComparison.Ordinal);
        }

        var health = await client.GetAsync("/health");
        Assert.Equal((200, "degraded"), (health.Status, health["status"]));
        Assert.Contains($"the ledger is broken at position {position}", health.Text, StringComparison.Ordinal);
        await api.WaitForLogAsync($"DATA LOSS: the ledger is broken at position {position}");
        await Scrape.WaitForAsync(client, scrape => scrape.Sum(Incidents) == 1, "the incident is counted, once");
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string> FillAsync()
    {
        var database = await server.CreateDatabaseAsync();
        var registry = RegistryBench.MySql(server.RootConnectionString(database));
        await registry.OpenAsync(Running.Test);
        await registry.DeliverAsync([.. Enumerable.Range(1, Count).SelectMany(i => Changes.WholeSession($"s{i}"))], Running.Test);
        return database;
    }
}
