namespace AfirGen.Api.Doctor.Alerts;

/// <summary>Prometheus has every rule of deploy/prometheus/rules.yml, and can evaluate it.</summary>
internal sealed class AlertsLoaded(PrometheusLook prometheus, Mending mending) : ICheck
{
    public string Name => "alerts";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        if (prometheus.Configured is not { } configured)
        {
            return [PrometheusLook.NotConfigured];
        }

        try
        {
            var data = await prometheus.AskAsync("/api/v1/rules", cancellationToken);
            var loaded = data.GetProperty("groups")
                .EnumerateArray()
                .SelectMany(group => group.GetProperty("rules").EnumerateArray())
                .ToLookup(rule => rule.GetProperty("name").GetString()!, rule => rule.GetProperty("health").GetString());
            var missing = DeployedRules.Names.Where(name => !loaded.Contains(name)).ToList();
            var failing = DeployedRules.Names.Where(name => loaded[name].Contains("err")).ToList();
            return
            [
                missing.Count == 0
                    ? Finding.Right($"{configured} has all {DeployedRules.Names.Count} rules of deploy/prometheus/rules.yml")
                    : Finding.Wrong($"{configured} lacks {string.Join(", ", missing)}", Load),
                .. failing.Select(name =>
                    Finding.Wrong($"{configured} cannot evaluate {name}", $"curl {configured}/api/v1/rules   # says why")
                ),
            ];
        }
        catch (HttpRequestException e)
        {
            return [Finding.Wrong($"{configured} does not say: {e.Message}", Start)];
        }
    }

    /// <summary>It reads its rules anew on SIGHUP.</summary>
    private string Load =>
        "cp deploy/prometheus/rules.yml beside its prometheus.yml, which names it in rule_files; then "
        + (mending.InContainer ? $"{Compose} kill -s HUP prometheus" : "kill -HUP $(pidof prometheus)");

    private string Start => mending.InContainer ? $"{Compose} up -d prometheus" : "systemctl start prometheus";

    private const string Compose = "docker-compose -f docker-compose.yaml -f docker-compose.observability.yaml";
}
