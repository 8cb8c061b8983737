using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace AfirGen.Tests.Stack;

/// <summary>A meter factory of a test's own, and every measurement that was made with it.</summary>
internal sealed class RecordedMetrics : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly List<(string Name, double Value, string Tags)> _measured = [];

    public RecordedMetrics()
    {
        Meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, Meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IMeterFactory Meters { get; }

    /// <summary>Measurements of an instrument in their order; observable ones are asked now.</summary>
    public IReadOnlyList<double> Of(string name, string tag = "")
    {
        _listener.RecordObservableInstruments();
        lock (_measured)
        {
            return [.. _measured.Where(m => m.Name == name && m.Tags.Contains(tag, StringComparison.Ordinal)).Select(m => m.Value)];
        }
    }

    public double Sum(string name, string tag = "") => Of(name, tag).Sum();

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
        lock (_measured)
        {
            _measured.Add((instrument.Name, value, text));
        }
    }
}
