using AfirGen.Tests.Registry;
using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Monitoring;

/// <summary>
/// End to end: the fault is really there, the real service shows it, a real Prometheus scrapes it with the deployed rules, the alert fires.
/// None of these rules waits (<c>for:</c>), so they are used as they are.
/// </summary>
[Collection(MySqlTests.Name)]
public sealed class AlertTests(MySqlServer mysql)
{
    [Fact]
    public async Task A_flush_that_fails_in_a_drain_and_one_that_fails_in_a_stop_fire()
    {
        await using var stack = await EmbeddedStack.StartAsync(OnOnePort());
        await using var prometheus = await PrometheusServer.StartAsync(stack.Api.Address);
        (await stack.Client.ProcessAsync("first")).RequireOk();
        await prometheus.UntilAsync("afirgen_flush_total{step=\"journal\",outcome=\"error\"} == 0");
        await prometheus.RequireQuietAsync("AfirGenFlushFailed");
        using (new LongReader(stack.Stores))
        {
            (await stack.Client.ProcessAsync("second")).RequireOk();
            await stack.Client.PostAsync("/operations/drain"); // says that it was not flushed
            await prometheus.FiresAsync("AfirGenFlushFailed", ",step=\"journal\"");
            (await stack.Client.PostAsync("/operations/resume")).RequireOk();
            Assert.Equal(1, await stack.StopApiAsync());
        }

        await stack.StartApiAsync();
        await prometheus.FiresAsync("AfirGenFlushFailed", ",outcome=\"flush_error\"");
    }

    [Fact]
    public async Task A_drain_past_its_limit_fires_once_the_service_is_back()
    {
        var settings = OnOnePort();
        settings["Drain:DrainTimeout"] = "00:00:01";
        settings["Drain:CancellationGrace"] = "00:00:01";
        await using var desk = await SlowDesk.OpenAsync(EmbeddedStack.Prepared(settings), 1);
        await using var prometheus = await PrometheusServer.StartAsync(desk.Stack.Api.Address);
        await prometheus.UntilAsync("afirgen_inflight_requests == 1");
        await prometheus.RequireQuietAsync("AfirGenShutdownTimeout");

        Assert.Equal(0, await desk.Stack.StopApiAsync());
        Assert.Equal(503, Assert.Single(await desk.Answers).Status);
        desk.Release();
        await desk.Stack.StartApiAsync();

        await prometheus.FiresAsync("AfirGenShutdownTimeout", ",outcome=\"timeout\"");
        await prometheus.RequireQuietAsync("AfirGenFlushFailed");
    }

    [Fact]
    public async Task G7_a_setting_of_MySQL_that_drifts_fires_until_it_is_mended()
    {
        await using var stack = await ContainerStack.StartAsync(mysql);
        await using var prometheus = await PrometheusServer.StartAsync(stack.Api.Address);
        await prometheus.UntilAsync("afirgen_durability_setting_ok{name=\"sync_binlog\",store=\"mysql\"} == 1");
        await prometheus.RequireQuietAsync("AfirGenSettingDrifted");

        await mysql.ExecuteAsync("SET GLOBAL sync_binlog = 0");
        try
        {
            await stack.Client.ProcessAsync("found with the next delivery");
            await prometheus.FiresAsync("AfirGenSettingDrifted", ",name=\"sync_binlog\",store=\"mysql\"");
        }
        finally
        {
            await mysql.ExecuteAsync("SET GLOBAL sync_binlog = 1");
        }

        await Eventually.TrueAsync(
            async () => (await prometheus.QueryAsync("ALERTS{alertname=\"AfirGenSettingDrifted\"}")).Count == 0,
            "the alert ends"
        );
    }

    [Fact]
    public async Task G6_an_altered_row_of_the_ledger_fires_as_corruption_and_as_data_loss()
    {
        await using var stack = await ContainerStack.StartAsync(
            mysql,
            new Dictionary<string, string> { ["AfirGen:ApiKey"] = "a key for Prometheus" }
        );
        await Journeys.RegisterAsync(stack.Client);
        await using var prometheus = await PrometheusServer.StartAsync(stack.Api.Address, "a key for Prometheus");
        await prometheus.UntilAsync("afirgen_data_loss_incidents_total == 0");
        await prometheus.RequireQuietAsync("AfirGenDataLoss");

        await mysql.ExecuteAsync(
            "DROP TRIGGER finalized_records_never_change; UPDATE fir_records SET fir_content = CONCAT(fir_content, ' ') WHERE ledger_position = 1",
            stack.Database
        );
        Assert.Equal("false", (await stack.Client.GetAsync("/ledger/verify")).RequireOk()["ok"]); // what the service does every hour

        await prometheus.FiresAsync("AfirGenDataLoss");
        await prometheus.FiresAsync("AfirGenDatabaseCorrupt");
    }

    private static Dictionary<string, string> OnOnePort() => new() { ["urls"] = $"http://127.0.0.1:{Docker.FreePort()}" };
}
