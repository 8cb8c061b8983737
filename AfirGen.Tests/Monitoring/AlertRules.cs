using System.Text.Json.Nodes;
using AfirGen.Tests.Deploy;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Monitoring;

/// <summary>deploy/prometheus/rules.yml.</summary>
internal sealed record AlertRules(IReadOnlyList<AlertRule> Alerts, IReadOnlyDictionary<string, string> Recorded)
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "deploy", "prometheus");

    public static string File { get; } = Path.Combine(Folder, "rules.yml");

    public static async Task<AlertRules> ReadAsync()
    {
        var rules = (await Yaml.ReadAsync(File))["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).ToList();
        return new(
            [.. rules.Where(rule => rule!["alert"] is not null).Select(rule => AlertRule.Of(rule!))],
            rules.Where(rule => rule!["record"] is not null).ToDictionary(rule => $"{rule!["record"]}", rule => $"{rule!["expr"]}")
        );
    }
}

internal sealed record AlertRule(string Name, string Expression, string Severity, string Runbook)
{
    public static AlertRule Of(JsonNode rule) =>
        new($"{rule["alert"]}", $"{rule["expr"]}", $"{rule["labels"]!["severity"]}", $"{rule["annotations"]!["runbook_url"]}");
}
