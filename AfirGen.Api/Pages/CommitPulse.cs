using System.Diagnostics.Metrics;
using AfirGen.Api.Journal;
using AfirGen.Api.Telemetry;

namespace AfirGen.Api.Pages;

/// <summary>One second of the journal's work.</summary>
/// <param name="Commits">Units of work that were acknowledged.</param>
/// <param name="WorstMs">The slowest commit, fsync included; 0 when there was none.</param>
internal sealed record CommitSecond(long Commits, double WorstMs);

/// <summary>The last two minutes of the journal's commits, listened from its metrics.</summary>
internal sealed class CommitPulse(TimeProvider clock) : IHostedService, IDisposable
{
    private const int Seconds = 120;
    private readonly Lock _gate = new();
    private readonly Slot[] _ring = new Slot[Seconds];
    private readonly MeterListener _listener = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == JournalMetrics.MeterName && IsShown(instrument.Name))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, units, _, _) => Note(units, 0));
        _listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => Note(0, seconds * 1000));
        _listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Oldest first; the second that runs is not in it.</summary>
    public IReadOnlyList<CommitSecond> Read()
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        lock (_gate)
        {
            return [.. Enumerable.Range(1, Seconds - 1).Select(ago => At(now - ago)).Reverse()];
        }
    }

    public void Dispose() => _listener.Dispose();

    private static bool IsShown(string instrument) =>
        instrument == Metric.Acknowledged.InstrumentName || instrument == Metric.CommitSeconds.InstrumentName;

    private CommitSecond At(long second)
    {
        var slot = _ring[second % Seconds];
        return slot.Second == second ? new(slot.Units, Math.Round(slot.WorstMs, 3)) : new(0, 0);
    }

    private void Note(long units, double milliseconds)
    {
        var second = clock.GetUtcNow().ToUnixTimeSeconds();
        lock (_gate)
        {
            ref var slot = ref _ring[second % Seconds];
            if (slot.Second != second)
            {
                slot = new() { Second = second };
            }

            slot.Units += units;
            slot.WorstMs = Math.Max(slot.WorstMs, milliseconds);
        }
    }

    private struct Slot
    {
        public long Second;
        public long Units;
        public double WorstMs;
    }
}
