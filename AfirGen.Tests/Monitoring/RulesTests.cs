using System.Text.RegularExpressions;
using AfirGen.Api.Telemetry;
using AfirGen.Tests.Deploy;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Monitoring;

/// <summary>The alert rules by themselves: valid, tried in both directions, of metrics that exist, each with an entry in the runbook.</summary>
public sealed partial class RulesTests
{
    /// <summary>Metrics that are not the service's own.</summary>
    private static readonly string[] Others = ["up", "http_server_request_duration_seconds_count"];

    private static readonly string[] LabelsOfTheScrape = ["job", "instance"];

    [Fact]
    public void Promtool_finds_the_rules_valid() => Command.Run("promtool", "check", "rules", AlertRules.File);

    [Fact]
    public void Promtool_finds_the_configuration_valid() =>
        Command.Run("promtool", "check", "config", "--syntax-only", Path.Combine(AlertRules.Folder, "prometheus.yml"));

    [Fact]
    public void Every_case_of_the_rules_comes_out_as_written() =>
        Command.Run("promtool", "test", "rules", Path.Combine(AlertRules.Folder, "rules.test.yml"));

    [Fact]
    public async Task Every_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not()
    {
        var cases = (await Yaml.ReadAsync(Path.Combine(AlertRules.Folder, "rules.test.yml")))["tests"]!
            .AsArray()
            .SelectMany(test => test!["alert_rule_test"]!.AsArray())
            .Select(one => ($"{one!["alertname"]}", one["exp_alerts"]!.AsArray().Count > 0))
            .ToHashSet();

        foreach (var alert in (await AlertRules.ReadAsync()).Alerts)
        {
            Assert.Contains((alert.Name, true), cases);
            Assert.Contains((alert.Name, false), cases);
        }
    }

    [Fact]
    public async Task Every_alert_pages_or_writes_a_ticket_and_names_an_entry_of_the_runbook()
    {
        var headings = RunbookHeading()
            .Matches(
                await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "runbook.md"), TestContext.Current.CancellationToken)
            )
            .Select(heading => heading.Groups[1].Value)
            .ToList();
        Assert.Distinct(headings);

        var alerts = (await AlertRules.ReadAsync()).Alerts;

        Assert.All(alerts, alert => Assert.Contains(alert.Severity, (string[])["page", "ticket"]));
        Assert.All(alerts, alert => Assert.StartsWith("docs/runbook.md#", alert.Runbook, StringComparison.Ordinal));
        var named = alerts.Select(alert => alert.Runbook.Split('#')[1]).Distinct().ToList();
        Assert.Equal(headings.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal)); // no entry that no alert leads to either
    }

    [Fact]
    public async Task Every_metric_and_label_of_a_rule_is_one_that_the_service_has()
    {
        var rules = await AlertRules.ReadAsync();
        var expressions = rules
            .Alerts.Select(alert => alert.Expression)
            .Concat(rules.Recorded.Values)
            .Select(text => new PromExpression(text))
            .ToList();
        Assert.All(expressions, expression => Assert.NotEmpty(expression.Metrics));
        foreach (var expression in expressions)
        {
            Assert.All(
                expression.Metrics.Except(Others).Except(rules.Recorded.Keys),
                name => Assert.Contains(name, Metric.All.Select(metric => metric.Name))
            );
            foreach (var (name, label, how, value) in expression.Matchers.Where(matcher => !LabelsOfTheScrape.Contains(matcher.Label)))
            {
                if (Metric.All.SingleOrDefault(metric => metric.Name == name) is { } metric)
                {
                    var found = Assert.Single(metric.Labels, one => one.Name == label);
                    Assert.True(
                        found.Values.Count == 0 || how is "=~" or "!~" || found.Values.Contains(value),
                        $"{name} never has {label}=\"{value}\""
                    );
                }
            }
        }
    }

    [GeneratedRegex("^## (\\S+)$", RegexOptions.Multiline)]
    private static partial Regex RunbookHeading();
}
