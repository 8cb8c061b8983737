using System.Diagnostics.Metrics;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Api.Telemetry;
using AfirGen.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Durability;

/// <summary>How full the disk of the data folder is, read at each scrape.</summary>
internal sealed class DiskGauges(IMeterFactory meters, DataFolder folder, IRegistry registry, IOptions<JournalOptions> options)
    : IHostedService
{
    private const long Mebibyte = 1024 * 1024;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(DurabilityMetrics.MeterName);
        meter.Gauge(Metric.DiskFree, Free);
        meter.Gauge(Metric.DiskReserve, () => options.Value.MinFreeMebibytes * Mebibyte);
        meter.Gauge(Metric.StoreBytes, Stores);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // No series until the folder is there.
    private IEnumerable<Measurement<long>> Free() =>
        Directory.Exists(folder.Path) ? [new(new DriveInfo(folder.Path).AvailableFreeSpace)] : [];

    private IEnumerable<Measurement<long>> Stores()
    {
        yield return Length("journal", folder.JournalFile);
        if (registry.Kind == EmbeddedRegistry.KindName)
        {
            yield return Length("registry", folder.RegistryFile);
        }
    }

    private static Measurement<long> Length(string store, string file) =>
        new(new FileInfo(file) is { Exists: true } found ? found.Length : 0, new KeyValuePair<string, object?>("store", store));
}
