using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Telemetry;

/// <summary>What leaves the service besides its answers.</summary>
public sealed class ExportTests
{
    [Fact]
    public async Task Spans_metrics_and_logs_arrive_at_a_stand_in_collector()
    {
        await using var collector = await FakeOtlpServer.StartAsync();
        await using var stack = await EmbeddedStack.StartAsync(collector.Settings);

        (await stack.Client.ProcessAsync("Test")).RequireOk();

        await Eventually.TrueAsync(() => collector.Has("traces", "/process"), "the span of the request arrives");
        await Eventually.TrueAsync(() => collector.Has("metrics", "afirgen_commit_seconds"), "the metrics arrive");
        await Eventually.TrueAsync(() => collector.Has("logs", "Ready after"), "the logs arrive");
        Assert.False(collector.Has("traces", "/alive"));
    }

    [Fact]
    public async Task A_collector_that_is_away_changes_nothing()
    {
        await using var stack = await EmbeddedStack.StartAsync(
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9" }
        );

        await Journeys.CompleteAsync(stack.Client);

        Assert.Equal(0, await stack.StopApiAsync());
    }
}
