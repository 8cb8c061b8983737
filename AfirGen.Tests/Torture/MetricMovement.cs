using System.Collections.Concurrent;
using System.Globalization;
using AfirGen.Api.Telemetry;
using AfirGen.ServiceDefaults.Telemetry;
using AfirGen.Tests.Durability;
using AfirGen.Tests.Stack;
using AfirGen.Tests.Telemetry;

namespace AfirGen.Tests.Torture;

/// <summary>
/// What the metrics showed in the course of a run, over all processes. One that never moves while everything that can happen happens is
/// one that nobody increments. Thread-safe.
/// </summary>
internal sealed class MetricMovement
{
    private const int FewestValues = 2;

    /// <summary>What may not move in any run, each with the test that moves it: most of them are incidents, which a run would be ended by.</summary>
    private static readonly Dictionary<string, string> Still = new()
    {
        [Metric.AuditMissing.Name] = nameof(ScrubberTests.G6_every_way_of_losing_something_is_found_and_counted_once),
        [Metric.LedgerFaults.Name] = nameof(
            Registry.MySqlTamperingTests.G6_tampering_under_a_running_service_is_located_degrades_health_and_counts
        ),
        [Metric.LedgerOk.Name] = nameof(Monitoring.AlertTests.G6_an_altered_row_of_the_ledger_fires_as_corruption_and_as_data_loss),
        [Metric.SettingOk.Name] = nameof(
            Registry.MySqlServiceTests.G7_each_wrong_setting_alone_ends_readiness_and_mending_it_brings_it_back
        ),
        [Metric.WritesRefused.Name] = nameof(MetricsTests.Limits_show_as_they_are_configured_and_what_they_refuse_is_counted),
        [ServiceDefaults.Draining.DrainMetric.Cancelled.Name] = nameof(MetricsTests.A_drain_past_its_limit_shows_what_it_cancelled),
        [Metric.Backups.Name] = nameof(Backup.BackupSafetyTests.The_service_backs_itself_up_keeps_so_many_and_shows_their_age),
        [Metric.KeyFileOk.Name] = nameof(
            Scenarios.StoredKeyTests.A_damaged_key_file_changes_nothing_while_the_service_runs_and_shows_everywhere
        ),
        [Metric.AuditLost.Name] = nameof(Audit.AuditTrailTests.What_cannot_be_recorded_is_counted_and_logged_and_keeps_nobody_from_working),
        // Settings, not measurements.
        [Metric.QueueLimit.Name] = nameof(MetricsTests.Limits_show_as_they_are_configured_and_what_they_refuse_is_counted),
        [Metric.DiskReserve.Name] = nameof(MetricsTests.Limits_show_as_they_are_configured_and_what_they_refuse_is_counted),
    };

    private const int Least = 5;
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, byte>> _seen = new();
    private int _scrapes;

    /// <summary>An embedded registry is hardly ever away, and then for too short a time to be looked at.</summary>
    public static IReadOnlyList<string> OnlyWithMySql { get; } =
    [Metric.OutboxDepth.Name, Metric.OutboxAge.Name, Metric.RegistryConnected.Name];

    /// <summary>A full disk rolls transactions back, and a slow one lets writes wait; the bounded run with MySQL leaves out both.</summary>
    public static IReadOnlyList<string> OnlyEmbedded { get; } = [Metric.Rollbacks.Name, Metric.QueueDepth.Name];

    /// <summary>Scrapes once, if anybody answers.</summary>
    public async Task LookAsync(ApiClient client)
    {
        try
        {
            Look(await Scrape.OfAsync(client));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // It was killed first.
        }
    }

    public void Look(Scrape scrape)
    {
        Interlocked.Increment(ref _scrapes);
        foreach (var metric in Metric.All)
        {
            Note(metric, scrape);
        }
    }

    /// <summary>Metrics that must move and did not.</summary>
    public IEnumerable<string> Unmoved() => Metric.All.Select(metric => metric.Name).Except(Still.Keys).Where(name => !Moved(name));

    /// <summary>How many scrapes, and which of the metrics that must move did it least.</summary>
    public override string ToString()
    {
        var least = _seen.Where(one => !Still.ContainsKey(one.Key)).OrderBy(one => one.Value.Count).Take(Least);
        var fewest = string.Join(", ", least.Select(one => $"{one.Key} {one.Value.Count}"));
        return $"{_scrapes} scrapes; fewest values: {fewest}; not moved: {string.Join(", ", Unmoved())}";
    }

    private bool Moved(string name) => _seen.TryGetValue(name, out var values) && values.Count >= FewestValues;

    private void Note(MetricDefinition metric, Scrape scrape)
    {
        var values = _seen.GetOrAdd(metric.Name, _ => []);
        if (metric.Kind != MetricKind.Gauge)
        {
            values["0"] = 0; // with which each process begins
        }

        // Of a gauge all series: in one that says which of several things holds, their sum is always 1.
        values[
            metric.Kind == MetricKind.Gauge
                ? scrape.Series(metric.Name)
                : scrape
                    .Sum(metric.Kind == MetricKind.Histogram ? metric.Name + "_count" : metric.Name)
                    .ToString(CultureInfo.InvariantCulture)
        ] = 0;
    }
}
