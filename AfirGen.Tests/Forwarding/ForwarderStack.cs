using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Reliability;
using AfirGen.Api.Sqlite;
using AfirGen.Tests.Registry;
using AfirGen.Tests.Stack;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AfirGen.Tests.Forwarding;

/// <summary>The real forwarder and journal, a scripted registry, and a clock that the test moves.</summary>
internal sealed class ForwarderStack : IAsyncDisposable, IDeliveryRecorder
{
    private readonly JournalStack _journal = new();

    public ForwarderStack(ForwardingOptions? options = null)
    {
        Options = options ?? new();
        Registry = new(Clock);
        Breakers = new(Clock);
        Link = new(Breakers, Clock, NullLogger<RegistryLink>.Instance);
        Forwarder = new(
            Journal,
            Registry,
            Link,
            this,
            Microsoft.Extensions.Options.Options.Create(Options),
            JournalStack.NoCrashPoints,
            new(_journal.Metrics.Meters, Clock),
            Clock,
            NullLogger<OutboxForwarder>.Instance
        );
    }

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.Parse(Rows.At, System.Globalization.CultureInfo.InvariantCulture));
    public ForwardingOptions Options { get; }
    public ScriptedRegistry Registry { get; }
    public CircuitBreakers Breakers { get; }
    public RegistryLink Link { get; }
    public OutboxForwarder Forwarder { get; }
    public JournalStore Journal => _journal.Store;
    public RecordedMetrics Metrics => _journal.Metrics;

    /// <summary>Runs inside the transaction that marks a row delivered.</summary>
    public Action<OutboxRow> OnRecord { get; set; } = _ => { };

    public async Task StartAsync()
    {
        await Forwarder.StartAsync(CancellationToken.None);
        Forwarder.Begin();
    }

    /// <summary>Writes outbox rows in one transaction and wakes the forwarder.</summary>
    public async Task<List<PendingDelivery>> PutAsync(params RegistryChange[] changes)
    {
        var deliveries = changes.Select(_ => new PendingDelivery()).ToList();
        await Journal.WriteAsync(
            db =>
            {
                for (var i = 0; i < changes.Length; i++)
                {
                    var (kind, json) = OutboxPayload.Write(changes[i]);
                    Forwarder.Expect(OutboxTable.Insert(db, changes[i].SessionId, kind, json, Rows.At), deliveries[i]);
                }

                return true;
            },
            CancellationToken.None
        );
        Forwarder.Wake();
        return deliveries;
    }

    public async Task<PendingDelivery> DraftAsync(string id) => (await PutAsync(RegistryStack.Draft(id)))[0];

    public Task<OutboxBacklog> BacklogAsync() => Journal.ReadAsync(OutboxTable.Backlog);

    /// <summary>Moves the clock in small steps until <paramref name="reached"/>, so that pauses set meanwhile are met.</summary>
    public Task AdvanceUntilAsync(Func<bool> reached, string what) =>
        Eventually.TrueAsync(
            () =>
            {
                if (reached())
                {
                    return true;
                }

                Clock.Advance(TimeSpan.FromMilliseconds(20));
                return false;
            },
            what
        );

    void IDeliveryRecorder.Record(SqliteSession db, OutboxRow row, RegistryChange change, DeliveryOutcome outcome) => OnRecord(row);

    public async ValueTask DisposeAsync()
    {
        await Forwarder.StopAsync(CancellationToken.None);
        Forwarder.Dispose();
        _journal.Dispose();
    }
}
