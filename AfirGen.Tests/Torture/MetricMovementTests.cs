using AfirGen.Api.Telemetry;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>What the torture runs conclude from scrapes: it must be able to find a metric that nobody increments.</summary>
public sealed class MetricMovementTests
{
    [Fact]
    public void A_metric_that_shows_the_same_in_every_scrape_has_not_moved()
    {
        var movement = new MetricMovement();
        movement.Look(new Scrape("afirgen_ack_total 5\nafirgen_outbox_depth 0\n"));
        movement.Look(new Scrape("afirgen_ack_total 6\nafirgen_outbox_depth 0\nafirgen_commit_seconds_count 3\n"));

        var still = movement.Unmoved().ToList();

        Assert.DoesNotContain(Metric.Acknowledged.Name, still);
        Assert.DoesNotContain(Metric.CommitSeconds.Name, still); // its first series is a movement
        Assert.Contains(Metric.OutboxDepth.Name, still);
        Assert.Contains(Metric.FsyncSeconds.Name, still);
        Assert.DoesNotContain(Metric.AuditMissing.Name, still); // an incident, which no run may have
    }

    [Fact]
    public void A_metric_moves_when_another_one_of_its_series_holds()
    {
        var movement = new MetricMovement();
        movement.Look(new Scrape("afirgen_last_stop{outcome=\"crash\"} 1\nafirgen_last_stop{outcome=\"clean\"} 0\n"));
        Assert.Contains(Metric.LastStop.Name, movement.Unmoved());

        movement.Look(new Scrape("afirgen_last_stop{outcome=\"crash\"} 0\nafirgen_last_stop{outcome=\"clean\"} 1\n"));

        Assert.DoesNotContain(Metric.LastStop.Name, movement.Unmoved());
    }

    [Fact]
    public void Nobody_looked_means_that_nothing_moved() => Assert.Contains(Metric.Acknowledged.Name, new MetricMovement().Unmoved());
}
