using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace AfirGen.Tests.Draining;

/// <summary>Alone: a meter provider listens to every meter of the process, so other tests' drains would be counted too.</summary>
[CollectionDefinition(nameof(ScrapeTests), DisableParallelization = true)]
[Collection(nameof(ScrapeTests))]
public sealed partial class ScrapeTests
{
    [Fact]
    public async Task A_scrape_shows_exactly_the_names_that_the_alerts_use()
    {
        var ran = new ConcurrentQueue<string>();
        await using var bench = await KestrelBench.StartAsync(
            new RecordedStep("journal", 1, ran),
            new RecordedStep("mysql", 2, ran, _ => throw new IOException("gone"))
        );
        var before = await bench.GetTextAsync("/metrics");
        AssertSample(before, "afirgen_drain_refused_total", 0);
        AssertSample(before, "afirgen_drain_cancelled_total", 0);
        AssertSample(before, "afirgen_flush_total", 0, "step=\"journal\"", "outcome=\"error\"");
        AssertSample(before, "afirgen_shutdown_total", 0, "outcome=\"flush_error\"");
        AssertSample(before, "afirgen_inflight_requests", 0);

        var slow = await bench.StartSlowAsync();
        await UntilScrapedAsync(bench, text => Sample(text, "afirgen_inflight_requests") == 1);
        var drain = bench.Drain.DrainAsync("operator");
        using (await bench.SendAsync(HttpMethod.Get, "/slow")) { }
        bench.ReleaseSlow();
        using (await slow) { }
        await drain;

        var text = await UntilScrapedAsync(
            bench,
            text => Sample(text, "afirgen_shutdown_duration_seconds_count", "outcome=\"flush_error\"") == 1
        );
        AssertSample(text, "afirgen_drain_refused_total", 1);
        AssertSample(text, "afirgen_shutdown_total", 1, "outcome=\"flush_error\"");
        AssertSample(text, "afirgen_flush_total", 1, "step=\"journal\"", "outcome=\"ok\"");
        AssertSample(text, "afirgen_flush_total", 1, "step=\"mysql\"", "outcome=\"error\"");
        AssertSample(text, "afirgen_flush_duration_seconds_count", 1, "step=\"journal\"", "outcome=\"ok\"");

        var names = TypeLine()
            .Matches(text)
            .Select(match => match.Groups[1].Value)
            .Where(name => name.StartsWith("afirgen", StringComparison.Ordinal));
        Assert.Equal(
            [
                "afirgen_drain_cancelled_total counter",
                "afirgen_drain_refused_total counter",
                "afirgen_flush_duration_seconds histogram",
                "afirgen_flush_total counter",
                "afirgen_inflight_requests gauge",
                "afirgen_shutdown_duration_seconds histogram",
                "afirgen_shutdown_total counter",
            ],
            names.Order(StringComparer.Ordinal)
        );
    }

    private static void AssertSample(string scrape, string name, double value, params string[] labels) =>
        Assert.True(Sample(scrape, name, labels) == value, $"{name} {string.Join(",", labels)} is not {value} in:\n{scrape}");

    private static double? Sample(string scrape, string name, params string[] labels) =>
        scrape
            .Split('\n')
            .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal))
            .Where(line => labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            .Select(line =>
                (double?)double.Parse(SampleValue().Match(line).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)
            )
            .SingleOrDefault();

    // The exporter answers from a cache for some 300 ms.
    private static async Task<string> UntilScrapedAsync(KestrelBench bench, Func<string, bool> seen)
    {
        using var patience = new CancellationTokenSource(DrainBench.Patience);
        while (true)
        {
            var text = await bench.GetTextAsync("/metrics");
            if (seen(text))
            {
                return text;
            }

            Assert.False(patience.IsCancellationRequested, text);
        }
    }

    [GeneratedRegex("^# TYPE (.+)$", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^\S+?(?:\{.*\})? ([-+.\deE]+)")]
    private static partial Regex SampleValue();
}
