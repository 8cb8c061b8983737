using AfirGen.Api.Durability;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Sqlite;
using AfirGen.ServiceDefaults.Draining;

namespace AfirGen.Api.Endpoints;

/// <summary>GET /durability: read from the live connections, never from the configuration.</summary>
internal sealed class DurabilityReport(
    JournalStore journal,
    IRegistry registry,
    RegistryLink link,
    StartupSequence startup,
    DurabilityGuard guard,
    ServiceReadiness readiness,
    DrainCoordinator drain,
    Scrubber scrubber,
    TimeProvider clock
)
{
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(2);

    public async Task<object> ReadAsync(CancellationToken cancellationToken)
    {
        var journalSettings = await TryAsync(journal.ReadSettingsAsync, cancellationToken);
        var registrySettings = await TryAsync(registry.ReadSettingsAsync, cancellationToken);
        var backlog = await TryAsync(token => journal.ReadAsync(OutboxTable.Backlog, token), cancellationToken);
        IReadOnlyList<DurabilitySetting> settings = [.. journalSettings ?? [], .. registrySettings ?? []];
        if (!readiness.IsReady || settings.Any(setting => !setting.Ok))
        {
            guard.Wake(); // whoever looks must not know it long before the guard does, that it is wrong or that it is mended
        }

        return new
        {
            timestamp = clock.GetUtcNow(),
            version = ThisBuild.Version,
            ready = readiness.IsReady,
            reason = readiness.Reason,
            durable = journalSettings is not null && registrySettings is not null && settings.All(s => s.Ok),
            registry = registry.Kind,
            registry_connected = link.State.Connected,
            sqlite_version = SQLitePCL.raw.sqlite3_libversion().utf8_to_string(),
            settings,
            unreadable = new[]
            {
                journalSettings is null ? "journal" : null,
                registrySettings is null ? "registry" : null,
            }.OfType<string>(),
            outbox = backlog is null
                ? null
                : new { backlog.Depth, oldest_age_seconds = ForwardingMetrics.Age(backlog, clock.GetUtcNow()).TotalSeconds },
            acknowledged_missing = scrubber.Missing,
            last_flush = drain.Status.LastReport,
            last_recovery = startup.Report,
        };
    }

    /// <returns>Null when the store is closed, away or does not answer in time.</returns>
    private async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await read(limit.Token).WaitAsync(StoreTimeout, clock, cancellationToken);
        }
        catch (Exception e) when (e is JournalRefusedException or RegistryUnavailableException or TimeoutException)
        {
            await limit.CancelAsync();
            return null;
        }
    }
}
