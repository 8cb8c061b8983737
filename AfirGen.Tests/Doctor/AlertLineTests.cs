using AfirGen.Api.Doctor;
using AfirGen.Api.Doctor.Alerts;
using AfirGen.Tests.Monitoring;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Doctor;

/// <summary>A real Prometheus: with the rules and without one of them, reading the service and not, and none at all.</summary>
public sealed class AlertLineTests
{
    private const string Removed = "AfirGenDataLoss";

    [Fact]
    public async Task The_program_knows_every_rule_of_the_deployment()
    {
        var rules = await AlertRules.ReadAsync();
        Assert.Equal(
            rules.Alerts.Select(rule => rule.Name).Concat(rules.Recorded.Keys).Order(StringComparer.Ordinal),
            DeployedRules.Names.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Rules_that_are_loaded_and_a_service_that_is_read_are_right_until_the_service_stops()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        await using var prometheus = await PrometheusServer.StartAsync(stack.Api.Address);
        var settings = DoctorBench.SettingsOf(stack, ("AfirGen:Doctor:Prometheus", prometheus.Address.ToString()));

        var diagnosis = await DoctorBench.LookAsync(settings);
        diagnosis.Require("alerts", Level.Right, $"all {DeployedRules.Names.Count} rules");
        diagnosis.Require("scrape", Level.Right, stack.Api.Address.Authority);

        Assert.Equal(0, await stack.StopApiAsync());
        await prometheus.UntilAsync("up{job=\"afirgen\"} == 0");
        (await DoctorBench.LookAsync(settings)).RequireWrong(
            "scrape",
            $"cannot read {stack.Api.Address.Authority}",
            "AfirGen__Keys__prometheus__Key"
        );
    }

    [Fact]
    public async Task A_rule_that_is_not_loaded_is_found()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        using var folder = new TemporaryFolder();
        var rules = await File.ReadAllTextAsync(AlertRules.File, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            folder.File("rules.yml"),
            rules.Replace($"- alert: {Removed}", "- alert: SomethingElse", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );
        await using var prometheus = await PrometheusServer.StartAsync(stack.Api.Address, rules: folder.File("rules.yml"));
        var settings = DoctorBench.SettingsOf(stack, ("AfirGen:Doctor:Prometheus", prometheus.Address.ToString()));

        var line = (await DoctorBench.LookAsync(settings)).RequireWrong("alerts", $"lacks {Removed}", "cp deploy/prometheus/rules.yml");
        Assert.DoesNotContain(
            DeployedRules.Names.Where(name => name != Removed),
            name => line.Text.Contains(name, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_Prometheus_that_does_not_answer_and_something_that_is_none_are_found()
    {
        await using var stack = await EmbeddedStack.StartAsync();

        var away = DoctorBench.SettingsOf(stack, ("AfirGen:Doctor:Prometheus", $"http://127.0.0.1:{Docker.FreePort()}"));
        (await DoctorBench.LookAsync(away)).RequireWrong("alerts", "does not say", "systemctl start prometheus");

        var other = DoctorBench.SettingsOf(stack, ("AfirGen:Doctor:Prometheus", stack.Api.Address.ToString()));
        (await DoctorBench.LookAsync(other)).RequireWrong("alerts", "does not say", "systemctl start prometheus");
    }
}
