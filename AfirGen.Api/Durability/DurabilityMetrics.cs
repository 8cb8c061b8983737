using System.Diagnostics.Metrics;
using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Durability;

/// <summary>Meter <c>AfirGen.Durability</c>.</summary>
internal sealed class DurabilityMetrics
{
    public const string MeterName = "AfirGen.Durability";
    private readonly Counter<long> _uncleanStarts;
    private readonly Counter<long> _recovered;
    private readonly Counter<long> _missing;
    private readonly Counter<long> _checked;
    private readonly Counter<long> _ledgerFaults;
    private volatile IReadOnlyList<DurabilitySetting> _settings = [];

    public DurabilityMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _uncleanStarts = meter.CreateCounter<long>("afirgen_unclean_start", description: "Starts after a run that did not stop cleanly");
        _recovered = meter.CreateCounter<long>("afirgen_recovered", description: "Items that the start found unfinished, by kind");
        _missing = meter.CreateCounter<long>(
            "afirgen_ack_missing",
            description: "Acknowledged changes that the self-audit did not find again; must stay 0"
        );
        _checked = meter.CreateCounter<long>("afirgen_ack_checked", description: "Acknowledged changes that the self-audit read again");
        meter.CreateObservableGauge(
            "afirgen_durability_setting_ok",
            () => _settings.Select(Measure),
            description: "1 when the live store has the setting as the guarantee needs it, 0 when not"
        );
        _ledgerFaults = meter.CreateCounter<long>(
            "afirgen_data_loss_incidents",
            description: "Places where the ledger was found broken; must stay 0"
        );
    }

    public void Started(RecoveryReport report)
    {
        // Not in the constructor: nobody listens to the meter yet, and a zero that nobody hears is no series.
        Audited(0, 0);
        _ledgerFaults.Add(0);
        _uncleanStarts.Add(report.UncleanStop ? 1 : 0);
        _recovered.Add(report.OutboxRows, new KeyValuePair<string, object?>("kind", "outbox"));
        _recovered.Add(report.UploadsNotRead, new KeyValuePair<string, object?>("kind", "upload"));
        _recovered.Add(report.SessionsExpired, new KeyValuePair<string, object?>("kind", "expired_session"));
    }

    /// <summary>What the guard read last.</summary>
    public void Observe(IReadOnlyList<DurabilitySetting> settings) => _settings = settings;

    private static Measurement<int> Measure(DurabilitySetting setting) =>
        new(setting.Ok ? 1 : 0, new("name", setting.Name), new KeyValuePair<string, object?>("store", setting.Store));

    public void LedgerFault() => _ledgerFaults.Add(1);

    public void Audited(int sessions, int missing)
    {
        _checked.Add(sessions);
        _missing.Add(missing);
    }
}
