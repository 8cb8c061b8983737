using System.Text.Json.Nodes;
using AfirGen.Tests.Deploy;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Monitoring;

/// <summary>Every query of the Grafana dashboard asks for what a running service has, and a real Prometheus evaluates it. Grafana itself is not here.</summary>
public sealed class DashboardTests
{
    private static readonly string[] LabelsOfTheScrape = ["job", "instance", "le"];
    private static readonly string[] HistogramSuffixes = ["_bucket", "_sum", "_count"];

    [Fact]
    public async Task Every_query_of_the_dashboard_names_metrics_and_labels_that_exist_and_gives_an_answer()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        await using var prometheus = await PrometheusServer.StartAsync(stack.Api.Address);
        await Journeys.RegisterAsync(stack.Client);
        (await stack.Client.PostAsync("/operations/drain")).RequireOk();
        var scrape = await Scrape.WaitForAsync(
            stack.Client,
            s => s.Has("afirgen_shutdown_duration_seconds_count") && s.Has("afirgen_integrity_age_seconds"),
            "there is something of everything"
        );
        var recorded = (await AlertRules.ReadAsync()).Recorded.Keys.ToList();
        var queries = Queries();
        Assert.True(queries.Count > 30);

        foreach (var query in queries)
        {
            var expression = new PromExpression(query);
            Assert.NotEmpty(expression.Metrics);
            var found = new HashSet<string>(LabelsOfTheScrape);
            foreach (var name in expression.Metrics.Except(recorded))
            {
                var family = HistogramSuffixes
                    .Select(suffix => name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name)
                    .FirstOrDefault(scrape.Types.ContainsKey);
                Assert.True(family is not null && scrape.Has(name), $"{name} is not in a scrape: {query}");
                found.UnionWith(scrape.LabelsOf(family).Keys);
            }

            Assert.Subset(found, expression.Matchers.Select(matcher => matcher.Label).Concat(expression.Grouping).ToHashSet());
        }

        // At least one sample of each: a query may be valid and never give any.
        foreach (var query in queries)
        {
            await prometheus.UntilAsync(query);
        }
    }

    [Fact]
    public async Task The_dashboard_asks_the_data_source_that_is_provisioned()
    {
        var folder = Path.Combine(Repository.Root, "deploy", "grafana", "provisioning");
        var source = Assert.Single((await Yaml.ReadAsync(Path.Combine(folder, "datasources", "prometheus.yml")))["datasources"]!.AsArray());
        var panels = Panels().Where(panel => $"{panel["type"]}" != "row").ToList();
        Assert.All(panels, panel => Assert.Equal($"{source!["uid"]}", $"{panel["datasource"]!["uid"]}"));
        Assert.Distinct(Panels().Select(panel => (int)panel["id"]!));
        Assert.All(panels, panel => Assert.NotEmpty($"{panel["description"]}"));
    }

    /// <summary>With Grafana's variables filled in.</summary>
    private static List<string> Queries() =>
        [
            .. Panels()
                .SelectMany(panel => panel["targets"]?.AsArray() ?? [])
                .Select(target =>
                    $"{target!["expr"]}"
                        .Replace("$__rate_interval", "1m", StringComparison.Ordinal)
                        .Replace("$instance", ".*", StringComparison.Ordinal)
                ),
        ];

    private static List<JsonNode> Panels() =>
        [
            .. JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "deploy", "grafana", "afirgen.json")))!["panels"]!
                .AsArray()
                .Select(panel => panel!),
        ];
}
