namespace AfirGen.Api.Doctor.Alerts;

/// <summary>Prometheus reads the service's metrics: rules over nothing never fire.</summary>
internal sealed class ServiceScraped(PrometheusLook prometheus, Mending mending) : ICheck
{
    private const string Query = "/api/v1/query?query=up%7Bjob%3D%22afirgen%22%7D";

    public string Name => "scrape";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        if (prometheus.Configured is not { } configured)
        {
            return [PrometheusLook.NotConfigured];
        }

        try
        {
            var data = await prometheus.AskAsync(Query, cancellationToken);
            var targets = data.GetProperty("result")
                .EnumerateArray()
                .ToLookup(
                    sample => sample.GetProperty("value")[1].GetString() == "1",
                    sample => sample.GetProperty("metric").GetProperty("instance").GetString()
                );
            return targets.Count == 0
                ?
                [
                    Finding.Wrong(
                        $"{configured} has no target of the job afirgen",
                        "deploy/prometheus/prometheus.yml names one: scrape_configs, then kill -HUP"
                    ),
                ]
                :
                [
                    .. targets[true].Select(up => Finding.Right($"{configured} reads {up}")),
                    .. targets[false].Select(down => Finding.Wrong($"{configured} cannot read {down}", Mend)),
                ];
        }
        catch (HttpRequestException e)
        {
            return [Finding.Unknown($"{configured} does not say: {e.Message}")];
        }
    }

    private string Mend =>
        mending.Set("AfirGen__Keys__prometheus__Key", "the key that Prometheus sends") + "   # when the service itself answers";
}
