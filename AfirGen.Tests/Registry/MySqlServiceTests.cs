using AfirGen.Tests.Stack;
using MySqlConnector;

namespace AfirGen.Tests.Registry;

/// <summary>The whole service on a real MySQL: what an officer sees while the server is wrong, away, or killed.</summary>
[Collection(MySqlTests.Name)]
public sealed class MySqlServiceTests(MySqlServer server) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _settings = new() { ["AfirGen:FinalisationKey"] = EmbeddedStack.AuthKey };
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _settings["ConnectionStrings:firdb"] = server.RootConnectionString(_database);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task G7_no_write_is_taken_while_a_setting_is_wrong_and_it_goes_on_by_itself_when_it_is_mended()
    {
        await using var api = await StartAsync();
        using var client = api.CreateClient();
        await UntilAsync(async () => (await client.GetAsync("/health"))["status"] == "healthy");
        Assert.Equal(200, (await client.ProcessAsync(Complaints.Theft)).Status);

        await server.ExecuteAsync("SET GLOBAL sync_binlog = 0");
        try
        {
            // The next delivery finds it at once; the guard then refuses requests too.
            var noticed = await client.ProcessAsync(Complaints.Theft);
            Assert.True(noticed.Status == 503 || noticed.Headers["X-Durability"] == "journal", noticed.Text);
            await UntilAsync(async () => (await client.ProcessAsync(Complaints.Theft)).Status == 503);
            var health = await client.GetAsync("/health");
            Assert.Equal(503, health.Status);
            Assert.Contains("sync_binlog is 0, wanted 1", health.Text, StringComparison.Ordinal);
            Assert.Contains("afirgen_durability_setting_ok{", (await client.GetAsync("/metrics")).Text, StringComparison.Ordinal);
            Assert.Equal(1, await server.ScalarAsync<long>("SELECT COUNT(*) FROM fir_records", _database));
            Assert.Contains(
                api.Log,
                line =>
                    line.Contains("NOT DURABLE: mysql: sync_binlog is 0, wanted 1. SET PERSIST sync_binlog = 1.", StringComparison.Ordinal)
            );
        }
        finally
        {
            await server.ExecuteAsync("SET GLOBAL sync_binlog = 1");
        }

        await UntilAsync(async () => (await client.ProcessAsync(Complaints.Theft)).Status == 200);
        // What was acknowledged from the journal in between arrives as well.
        var listed = await UntilCountAsync();
        Assert.True(listed >= 2);
        Assert.Equal(0, await api.StopAsync());
        Assert.Contains(api.Log, line => line.Contains("MySQL data flushed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task G7_each_wrong_setting_alone_ends_readiness_and_mending_it_brings_it_back()
    {
        await using var api = await StartAsync();
        using var client = api.CreateClient();
        await UntilAsync(async () => (await client.GetAsync("/health"))["status"] == "healthy");
        foreach (var (wrong, right, name) in WrongSettings.All.Select(row => row.Data))
        {
            var logged = api.Log.Count;
            await server.ExecuteAsync(wrong.Replace("{0}", _database, StringComparison.Ordinal));
            try
            {
                // Looking at the report is enough: it and the guard never disagree for long.
                await UntilAsync(async () => (await client.GetAsync("/durability")).RequireOk()["ready"] == "false");
                var health = await client.GetAsync("/health");
                Assert.Equal((503, "unhealthy"), (health.Status, health["status"]));
                Assert.Contains($"mysql: {name} is ", health.Text, StringComparison.Ordinal);
                Assert.Equal((503, "not-ready"), await StatusOfAsync(client.ProcessAsync(Complaints.Theft)));
                Assert.Single(api.Log.Skip(logged), line => line.Contains($"NOT DURABLE: mysql: {name} is ", StringComparison.Ordinal));
                await Scrape.WaitForAsync(client, scrape => Ok(scrape, name) == 0, $"the gauge of {name} is 0");
            }
            finally
            {
                await server.ExecuteAsync(right.Replace("{0}", _database, StringComparison.Ordinal));
            }

            await UntilAsync(async () => (await client.GetAsync("/durability")).RequireOk()["ready"] == "true");
            Assert.Equal(200, (await client.ProcessAsync(Complaints.Theft)).Status);
            await Scrape.WaitForAsync(client, scrape => Ok(scrape, name) == 1, $"the gauge of {name} is 1 again");
        }

        static double Ok(Scrape scrape, string name) => scrape.Sum("afirgen_durability_setting_ok", $"name=\"{name}\"", "store=\"mysql\"");
        static async Task<(int, string)> StatusOfAsync(Task<Reply> reply) => ((await reply).Status, (await reply).ProblemType);
    }

    [Fact]
    public async Task G1_a_complaint_taken_while_mysql_is_dead_reaches_it_when_it_is_back()
    {
        await using var api = await StartAsync();
        using var client = api.CreateClient();
        await UntilAsync(async () => (await client.GetAsync("/health"))["status"] == "healthy");
        await server.KillAsync();
        Reply reply;
        try
        {
            reply = (await client.ProcessAsync(Complaints.Theft)).RequireOk();
            Assert.Equal("journal", reply.Headers["X-Durability"]);
            var health = await client.GetAsync("/health");
            Assert.Equal((200, "degraded"), (health.Status, health["status"])); // away is not wrong: intake goes on
        }
        finally
        {
            await server.StartAsync();
        }

        await UntilAsync(async () =>
            await server.ScalarAsync<long>($"SELECT COUNT(*) FROM fir_records WHERE session_id = '{reply["session_id"]}'", _database) == 1
        );
    }

    private Task<ApiProcess> StartAsync() => ApiProcess.StartAsync(Path.Combine(_folder.Path, "data"), _settings);

    private async Task<long> UntilCountAsync()
    {
        long count = 0;
        await UntilAsync(async () => (count = await server.ScalarAsync<long>("SELECT COUNT(*) FROM fir_records", _database)) >= 3);
        return count;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (MySqlException) { }

            await Task.Delay(200, limit.Token);
        }
    }
}
