using AfirGen.Api.Telemetry;
using AfirGen.ServiceDefaults.Telemetry;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Telemetry;

/// <summary>The list of metrics, the documentation and what a running service shows are the same.</summary>
public sealed class MetricListTests
{
    private static readonly string[] OnEverySeries = ["otel_scope_name"];

    [Fact]
    public async Task A_service_that_worked_and_drained_shows_the_whole_list_and_nothing_else()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        await Journeys.RegisterAsync(stack.Client);
        (await stack.Client.PostAsync("/operations/drain")).RequireOk();
        var scrape = await Scrape.WaitForAsync(
            stack.Client,
            s => s.Has("afirgen_shutdown_duration_seconds_count") && s.Has(Metric.IntegrityAge.Name),
            "the drain and the check of the files show"
        );

        Assert.Equal(
            Metric.All.Select(metric => $"{metric.Name} {metric.Kind.ToString().ToLowerInvariant()}").Order(StringComparer.Ordinal),
            scrape
                .Types.Where(type => type.Key.StartsWith("afirgen_", StringComparison.Ordinal))
                .Select(type => $"{type.Key} {type.Value}")
                .Order(StringComparer.Ordinal)
        );
        foreach (var metric in Metric.All)
        {
            var found = scrape.LabelsOf(metric.Name);
            Assert.Equal(
                metric.Labels.Select(label => label.Name).Order(StringComparer.Ordinal),
                found.Keys.Except(OnEverySeries).Order(StringComparer.Ordinal)
            );
            Assert.All(
                metric.Labels.Where(label => label.Values.Count > 0),
                label => Assert.Subset(label.Values.ToHashSet(), found[label.Name].ToHashSet())
            );
            Assert.Contains($"# HELP {metric.Name} {metric.Meaning}\n", scrape.Text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Names_say_what_they_are()
    {
        Assert.Distinct(Metric.All.Select(metric => metric.Name));
        foreach (var metric in Metric.All)
        {
            Assert.StartsWith("afirgen_", metric.Name, StringComparison.Ordinal);
            Assert.Equal(metric.Kind == MetricKind.Counter, metric.Name.EndsWith("_total", StringComparison.Ordinal));
            Assert.Equal(metric.Unit is MetricUnits.Seconds, metric.Name.EndsWith("_seconds", StringComparison.Ordinal));
            Assert.Equal(metric.Unit is MetricUnits.Bytes, metric.Name.EndsWith("_bytes", StringComparison.Ordinal));
            Assert.Equal(metric.Kind == MetricKind.Histogram, metric.Buckets.Count > 0);
            Assert.NotEmpty(metric.Meaning);
        }
    }

    [Fact]
    public void The_document_is_what_the_list_says()
    {
        var text = File.Exists(MetricsDocument.File) ? File.ReadAllText(MetricsDocument.File) : "";
        Assert.True(
            text == MetricsDocument.Text(),
            $"docs/metrics.md is out of date: run eng/metrics-doc.sh. It must read:\n{MetricsDocument.Text()}"
        );
    }

    [Fact(Explicit = true)]
    public void The_document_is_written_anew() => File.WriteAllText(MetricsDocument.File, MetricsDocument.Text());
}
