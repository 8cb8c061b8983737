using AfirGen.ServiceDefaults.Draining;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AfirGen.Tests.Draining;

[Trait("Defect", "D-24")]
public sealed class DrainOptionsTests
{
    [Fact]
    public void The_default_budgets_nest_and_become_the_hosts()
    {
        using var bench = new DrainBench(builder =>
            builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1))
        );
        var options = bench.Options;
        Assert.Equal(TimeSpan.FromSeconds(30), options.DrainTimeout);
        Assert.True(options.DrainTimeout + options.CancellationGrace + options.FlushBudget < options.HostShutdownTimeout);
        Assert.True(options.HostShutdownTimeout < options.OrchestratorGracePeriod);
        Assert.Equal(TimeSpan.FromSeconds(45), bench.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
    }

    [Theory]
    [InlineData("DrainTimeout", "00:00:41")]
    [InlineData("CancellationGrace", "00:00:15")]
    [InlineData("HostShutdownTimeout", "00:00:34")]
    public void A_drain_that_leaves_nothing_for_the_flush_is_refused(string setting, string value) =>
        AssertRefused(setting, value, "Drain:HostShutdownTimeout");

    [Theory]
    [InlineData("HostShutdownTimeout", "00:01:00", "Drain:OrchestratorGracePeriod")]
    [InlineData("OrchestratorGracePeriod", "00:00:45", "Drain:OrchestratorGracePeriod")]
    [InlineData("DrainTimeout", "00:00:00", "Drain:DrainTimeout")]
    [InlineData("CancellationGrace", "-00:00:01", "Drain:CancellationGrace")]
    [InlineData("RetryAfter", "-00:00:01", "Drain:RetryAfter")]
    [InlineData("ProblemTypePrefix", " ", "Drain:ProblemTypePrefix")]
    public void Any_other_budget_that_cannot_hold_is_refused_by_name(string setting, string value, string named) =>
        AssertRefused(setting, value, named);

    private static void AssertRefused(string setting, string value, string named)
    {
        var error = Assert.Throws<OptionsValidationException>(() =>
            new DrainBench(builder =>
                builder.Configuration.AddInMemoryCollection(
                    new Dictionary<string, string?> { [$"{DrainOptions.SectionName}:{setting}"] = value }
                )
            )
        );
        Assert.StartsWith(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
