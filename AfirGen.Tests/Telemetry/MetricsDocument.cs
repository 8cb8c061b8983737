using System.Text;
using AfirGen.Api.Telemetry;
using AfirGen.ServiceDefaults.Telemetry;
using AfirGen.Tests.Deploy;

namespace AfirGen.Tests.Telemetry;

/// <summary>docs/metrics.md, written from the service's own list.</summary>
internal static class MetricsDocument
{
    private const string Head = """
        # Metrics

        `GET /metrics` answers in the Prometheus text format (OpenMetrics when asked), also before the service is ready and while it drains. It wants a key
        when one is configured, and no role. Every series also carries `otel_scope_name`. Counters and gauges are there from the start, at 0;
        a histogram `x` is scraped as `x_bucket`, `x_sum`, `x_count` once there is something to count. ASP.NET Core's, the HTTP clients', the
        runtime's and MySqlConnector's own metrics are there too. With `OTEL_EXPORTER_OTLP_ENDPOINT` all of it goes to a collector as well.

        Alerts: [rules.yml](../deploy/prometheus/rules.yml), what to do about each: [runbook.md](runbook.md). Setting up: [monitoring.md](monitoring.md).

        This page is written from the list in [Metric.cs](../AfirGen.Api/Telemetry/Metric.cs) by `eng/metrics-doc.sh`.

        | metric | kind | unit | labels | meaning |
        |---|---|---|---|---|

        """;

    public static string File { get; } = Path.Combine(Repository.Root, "docs", "metrics.md");

    public static string Text()
    {
        var text = new StringBuilder(Head);
        foreach (var metric in Metric.All.OrderBy(metric => metric.Name, StringComparer.Ordinal))
        {
            var labels = string.Join("; ", metric.Labels.Select(Describe));
            var kind = metric.Kind.ToString().ToLowerInvariant();
            text.Append($"| `{metric.Name}` | {kind} | {metric.Unit} | {labels} | {metric.Meaning} |\n");
        }

        return text.ToString();
    }

    private static string Describe(MetricLabel label) =>
        label.Values.Count == 0 ? $"`{label.Name}`" : $"`{label.Name}`: {string.Join(", ", label.Values)}";
}
