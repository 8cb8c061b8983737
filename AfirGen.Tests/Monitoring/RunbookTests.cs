using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AfirGen.Api.Telemetry;
using AfirGen.Tests.Deploy;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Monitoring;

/// <summary>What the pages for operators name is there: addresses of the service, metrics, settings.</summary>
public sealed partial class RunbookTests(SharedService shared) : IClassFixture<SharedService>
{
    private static readonly string[] Pages = ["runbook.md", "monitoring.md", "metrics.md"];

    [Fact]
    public async Task Every_address_that_an_operator_is_told_to_ask_is_one_of_the_service()
    {
        var routes = JsonNode.Parse((await shared.Client.GetAsync("/openapi/v1.json")).RequireOk().Text)!["paths"]!
            .AsObject()
            .Select(path => new Regex($"^{PathParameter().Replace(path.Key, "[^/]+")}$"))
            .ToList();
        var told = Pages.SelectMany(page => Address().Matches(Text(page))).Select(address => address.Groups["path"].Value).ToHashSet();
        Assert.Contains("/operations/drain", told);
        Assert.All(told, path => Assert.Contains(routes, route => route.IsMatch(path)));
    }

    [Fact]
    public void Every_metric_that_a_page_names_is_in_the_list()
    {
        var known = Metric.All.Select(metric => metric.Name).ToHashSet();
        Assert.All(
            Pages.SelectMany(page => MetricName().Matches(Text(page))).Select(name => name.Value),
            name => Assert.Contains(name, known)
        );
    }

    [Fact]
    public void Every_setting_that_a_page_names_is_documented()
    {
        var documented = Text("configuration.md");
        var named = Pages
            .SelectMany(page => Setting().Matches(Text(page)))
            .Select(setting =>
                setting.Value.Replace("__", ":", StringComparison.Ordinal).Replace(":prometheus:", ":NAME:", StringComparison.Ordinal)
            )
            .ToHashSet();
        Assert.NotEmpty(named);
        // A row that lists several settings names the section once.
        Assert.All(
            named,
            name =>
                Assert.Contains(
                    $"`{name}`",
                    documented.Replace("`, `", $"`, `{name[..(name.LastIndexOf(':') + 1)]}", StringComparison.Ordinal),
                    StringComparison.Ordinal
                )
        );
    }

    private static string Text(string page) => File.ReadAllText(Path.Combine(Repository.Root, "docs", page));

    [GeneratedRegex(@"\$AFIRGEN_URL(?<path>/[\w/.-]+)")]
    private static partial Regex Address();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex PathParameter();

    [GeneratedRegex(@"\bafirgen_[a-z_]*[a-z]\b")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"\b(AfirGen|Drain)(:\w+|__[A-Za-z]+)+\b")]
    private static partial Regex Setting();
}
