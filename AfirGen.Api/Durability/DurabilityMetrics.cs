using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using AfirGen.Api.Sqlite;
using AfirGen.Api.Telemetry;
using AfirGen.ServiceDefaults.Draining;
using AfirGen.ServiceDefaults.Telemetry;

namespace AfirGen.Api.Durability;

/// <summary>Meter <c>AfirGen.Durability</c>.</summary>
internal sealed class DurabilityMetrics
{
    public const string MeterName = "AfirGen.Durability";
    private readonly Counter<long> _uncleanStarts;
    private readonly Counter<long> _recovered;
    private readonly Counter<long> _missing;
    private readonly Counter<long> _checked;
    private readonly Counter<long> _reconciled;
    private readonly Counter<long> _ledgerFaults;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _whole = [];
    private volatile IReadOnlyList<DurabilitySetting> _settings = [];
    private volatile LastStop _lastStop = LastStop.Unknown;
    private volatile bool _ledgerBroken;
    private long _verifiedPosition;

    public DurabilityMetrics(IMeterFactory meters, ServiceReadiness readiness, InFlightRequests requests, TimeProvider clock)
    {
        var meter = meters.Create(MeterName);
        _uncleanStarts = meter.Counter(Metric.UncleanStarts);
        _recovered = meter.Counter(Metric.Recovered);
        _missing = meter.Counter(Metric.AuditMissing);
        _checked = meter.Counter(Metric.AuditChecked);
        _reconciled = meter.Counter(Metric.Reconciled);
        _ledgerFaults = meter.Counter(Metric.LedgerFaults);
        meter.Gauge(Metric.SettingOk, () => _settings.Select(Measure));
        meter.Gauge(Metric.IntegrityAge, () => _whole.Select(store => Age(store.Key, clock.GetUtcNow() - store.Value)));
        meter.Gauge(Metric.LedgerOk, () => _ledgerBroken ? 0 : 1);
        meter.Gauge(Metric.LedgerVerified, () => Volatile.Read(ref _verifiedPosition));
        meter.Gauge(
            Metric.LastStop,
            () => Metric.LastStop.Labels[0].Values.Select(how => Measure(how == _lastStop.Outcome, "outcome", how))
        );
        meter.Gauge(Metric.LastStopDuration, () => _lastStop.Seconds);
        meter.Gauge(Metric.Ready, () => readiness.IsReady && !requests.IsDraining ? 1 : 0);
        var startedAt = new DateTimeOffset(Process.GetCurrentProcess().StartTime).ToUnixTimeMilliseconds() / 1000.0;
        meter.Gauge(Metric.StartTime, () => startedAt);
    }

    public void Started(RecoveryReport report)
    {
        // Not in the constructor: nobody listens to the meter yet, and a zero that nobody hears is no series.
        Audited(0, 0);
        _reconciled.PublishZeros(Metric.Reconciled);
        _ledgerFaults.PublishZeros(Metric.LedgerFaults);
        _lastStop = report.LastStop;
        _uncleanStarts.Add(report.UncleanStop ? 1 : 0);
        _recovered.Add(report.OutboxRows, new KeyValuePair<string, object?>("kind", "outbox"));
        _recovered.Add(report.UploadsNotRead, new KeyValuePair<string, object?>("kind", "upload"));
        _recovered.Add(report.SessionsExpired, new KeyValuePair<string, object?>("kind", "expired_session"));
    }

    /// <summary>What the guard read last.</summary>
    public void Observe(IReadOnlyList<DurabilitySetting> settings) => _settings = settings;

    /// <summary>The store's file was read whole and found right.</summary>
    public void Whole(string store, DateTimeOffset at) => _whole[store] = at;

    public void LedgerFault()
    {
        _ledgerBroken = true;
        _ledgerFaults.Add(1);
    }

    public void LedgerVerified(long position) => Volatile.Write(ref _verifiedPosition, position);

    public void Audited(int sessions, int missing)
    {
        _checked.Add(sessions);
        _missing.Add(missing);
    }

    /// <param name="outcome">A value of the label of <see cref="Metric.Reconciled"/>.</param>
    public void Reconciled(string outcome) => _reconciled.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    private static Measurement<int> Measure(DurabilitySetting setting) =>
        new(setting.Ok ? 1 : 0, new("name", setting.Name), new KeyValuePair<string, object?>("store", setting.Store));

    private static Measurement<double> Age(string store, TimeSpan age) =>
        new(age.TotalSeconds, new KeyValuePair<string, object?>("store", store));

    private static Measurement<int> Measure(bool holds, string label, string value) =>
        new(holds ? 1 : 0, new KeyValuePair<string, object?>(label, value));
}
