using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Durability;

/// <summary>
/// Reads from the live stores what the guarantee needs: before the first request, before the first delivery after each reconnection, when
/// the registry comes or goes, and every minute. While one setting is wrong no write is taken and nothing is delivered; both go on by
/// themselves once it is mended (G7). A registry that is away is not a wrong setting: intake goes on from the journal.
/// </summary>
internal sealed class DurabilityGuard(
    JournalStore journal,
    IRegistry registry,
    RegistryLink link,
    ServiceReadiness readiness,
    DurabilityMetrics metrics,
    TimeProvider clock,
    ILogger<DurabilityGuard> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan IntervalWhileWrong = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);
    private readonly WakeSignal _wake = new(clock);
    private readonly SemaphoreSlim _checking = new(1, 1);
    private IReadOnlyList<DurabilitySetting> _journal = [];
    private IReadOnlyList<DurabilitySetting> _registry = [];
    private string _unreadable = "";
    private HashSet<(string, string, string)> _reported = [];

    /// <summary>Check now: somebody has seen a wrong setting.</summary>
    public void Wake() => _wake.Wake();

    /// <summary>Reads both stores; the start calls it before the service gets ready.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await _checking.WaitAsync(cancellationToken);
        try
        {
            _journal = await ReadAsync(journal.ReadSettingsAsync, cancellationToken) ?? _journal;
            // A registry that is away has no settings: what they are is found out when it is back, before anything is delivered to it.
            _registry = await ReadAsync(registry.ReadSettingsAsync, cancellationToken) ?? [];
            Conclude();
        }
        finally
        {
            _checking.Release();
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        link.Admission = AdmitAsync;
        link.Changed += Wake;
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        link.Changed -= Wake;
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = _reported.Count == 0 ? Interval : IntervalWhileWrong;
            await _wake.WaitAsync(pause, stoppingToken);
            if (!stoppingToken.IsCancellationRequested && readiness.HasStarted)
            {
                try
                {
                    await CheckAsync(stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    logger.LogError(e, "The durability settings could not be read; they are read again soon");
                }
            }
        }
    }

    /// <summary>The link asks before it lets the first delivery through after a reconnection.</summary>
    /// <exception cref="RegistryUnavailableException">It must not be written.</exception>
    private async Task AdmitAsync(CancellationToken cancellationToken)
    {
        await CheckAsync(cancellationToken);
        if (_registry.Count == 0)
        {
            throw new RegistryUnavailableException(_unreadable, outcomeUnknown: false);
        }

        if (Describe(_registry) is { } wrong)
        {
            throw new RegistryUnavailableException(wrong, outcomeUnknown: false);
        }
    }

    /// <returns>Null when the store is closed, away or does not answer in time.</returns>
    private async Task<IReadOnlyList<DurabilitySetting>?> ReadAsync(
        Func<CancellationToken, Task<IReadOnlyList<DurabilitySetting>>> read,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await read(cancellationToken).WaitAsync(ReadTimeout, clock, cancellationToken);
        }
        catch (Exception e) when (e is JournalRefusedException or RegistryUnavailableException or TimeoutException)
        {
            _unreadable = e.Message;
            return null;
        }
    }

    private void Conclude()
    {
        DurabilitySetting[] all = [.. _journal, .. _registry];
        var wrong = all.Where(setting => !setting.Ok).ToList();
        foreach (var setting in wrong.Where(setting => !_reported.Contains(Key(setting))))
        {
            logger.LogCritical(
                "NOT DURABLE: {Store}: {Name} is {Found}, wanted {Wanted}. {Remedy} No write is taken until then",
                setting.Store,
                setting.Name,
                setting.Found,
                setting.Wanted,
                setting.Remedy ?? "Restart the service."
            );
        }

        if (wrong.Count == 0 && _reported.Count > 0)
        {
            logger.LogInformation("Every durability setting is right again; writes are taken");
        }

        _reported = [.. wrong.Select(Key)];
        metrics.Observe(all);
        readiness.SetNotDurable(Describe(all));
        if (_registry.Any(setting => !setting.Ok))
        {
            link.Readmit(); // it answers, yet nothing may be delivered to it until it was found right
        }
    }

    private static string? Describe(IEnumerable<DurabilitySetting> settings)
    {
        var wrong = settings.Where(s => !s.Ok).Select(s => $"{s.Store}: {s.Name} is {s.Found}, wanted {s.Wanted}").ToList();
        return wrong.Count == 0 ? null : $"not configured durably: {string.Join("; ", wrong)}";
    }

    private static (string, string, string) Key(DurabilitySetting setting) => (setting.Store, setting.Name, setting.Found);
}
