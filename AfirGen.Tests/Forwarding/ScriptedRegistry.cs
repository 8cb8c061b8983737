using System.Collections.Concurrent;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Ledger;
using AfirGen.Api.Sqlite;

namespace AfirGen.Tests.Forwarding;

/// <summary>A mock: it does what its test says and keeps what it was given. Only deliveries and probes are scripted.</summary>
internal sealed class ScriptedRegistry(TimeProvider clock) : IRegistry
{
    private readonly ConcurrentQueue<Func<IReadOnlyList<RegistryChange>, CancellationToken, Task>> _script = new();
    private readonly ConcurrentQueue<(DateTimeOffset At, IReadOnlyList<RegistryChange> Changes)> _attempts = new();
    private readonly ConcurrentQueue<RegistryChange> _committed = new();
    private long _serial;

    public string Kind => "scripted";

    /// <summary>Every delivery that was tried, with the time on the test's clock.</summary>
    public IReadOnlyList<(DateTimeOffset At, IReadOnlyList<RegistryChange> Changes)> Attempts => [.. _attempts];

    /// <summary>Everything that was committed, in order; what was delivered twice is here twice.</summary>
    public IReadOnlyList<RegistryChange> Committed => [.. _committed];

    /// <summary>What a probe does; nothing when null.</summary>
    public Func<Task>? OnProbe { get; set; }

    public int Probed { get; private set; }

    /// <summary>Asked when nothing is scripted any more.</summary>
    public Action<IReadOnlyList<RegistryChange>> Otherwise { get; set; } = _ => { };

    /// <summary>What the next deliveries do before they commit, one after the other: throw, wait.</summary>
    public void Next(params Func<IReadOnlyList<RegistryChange>, CancellationToken, Task>[] steps)
    {
        foreach (var step in steps)
        {
            _script.Enqueue(step);
        }
    }

    /// <summary>It is away: certainly nothing happened.</summary>
    public static Task Away(IReadOnlyList<RegistryChange> changes, CancellationToken cancellationToken) =>
        Task.FromException(new RegistryUnavailableException("away", outcomeUnknown: false));

    /// <summary>It commits and the answer is lost.</summary>
    public Task AnswerLost(IReadOnlyList<RegistryChange> changes, CancellationToken cancellationToken)
    {
        Commit(changes);
        return Task.FromException(new RegistryUnavailableException("connection lost", outcomeUnknown: true));
    }

    public async Task<IReadOnlyList<DeliveryOutcome>> DeliverAsync(
        IReadOnlyList<RegistryChange> changes,
        CancellationToken cancellationToken
    )
    {
        _attempts.Enqueue((clock.GetUtcNow(), changes));
        if (_script.TryDequeue(out var step))
        {
            await step(changes, cancellationToken);
        }
        else
        {
            Otherwise(changes);
        }

        return Commit(changes);
    }

    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ProbeAsync(CancellationToken cancellationToken)
    {
        Probed++;
        return OnProbe?.Invoke() ?? Task.CompletedTask;
    }

    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<FirRecord?> FindAsync(string firNumber, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<FirListing>?> ListAfterAsync(string firNumber, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<FirListing>> ListAsync(int limit, int offset, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<FirFound>> SearchAsync(FirSearch search, int limit, int offset, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyDictionary<string, string>> StatusesAsync(IReadOnlyList<string> firNumbers, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<LedgerPage> ReadLedgerAsync(long afterPosition, int count, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<DurabilitySetting>> ReadSettingsAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private List<DeliveryOutcome> Commit(IReadOnlyList<RegistryChange> changes)
    {
        var outcomes = new List<DeliveryOutcome>();
        foreach (var change in changes)
        {
            _committed.Enqueue(change);
            outcomes.Add(change is Register register ? Registered(register, Interlocked.Increment(ref _serial)) : new Recorded());
        }

        return outcomes;
    }

    private static Registered Registered(Register register, long serial) =>
        new(new(register.StationCode, register.Year, serial), register.RegisteredAt, new(serial, "before", "this"));
}
