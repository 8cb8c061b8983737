using System.Collections.Concurrent;
using System.Diagnostics;
using AfirGen.Api.Durability;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Ledger;
using AfirGen.Api.Sqlite;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Forwarding;

/// <summary>
/// Carries the outbox to the registry: in order, one registry transaction for everything that waits, again and again until it is
/// confirmed. Crashing between any two steps only means that rows are delivered twice, and that changes nothing.
/// </summary>
internal sealed class OutboxForwarder(
    JournalStore journal,
    IRegistry registry,
    RegistryLink link,
    IDeliveryRecorder recorder,
    IOptions<ForwardingOptions> options,
    CrashPoints crashPoints,
    ForwardingMetrics metrics,
    TimeProvider clock,
    ILogger<OutboxForwarder> logger
) : BackgroundService
{
    private static readonly ActivitySource Traces = new("AfirGen.Forwarding");
    private static readonly TimeSpan IdlePoll = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<long, PendingDelivery> _waiting = new();
    private readonly WakeSignal _work = new(clock);
    private readonly WakeSignal _reopened = new(clock);
    private readonly SemaphoreSlim _delivering = new(1, 1);
    private readonly HashSet<long> _outcomeUnknown = [];
    private readonly DeliveryMarks _marks = new();
    private readonly Quarantine _quarantine = new(logger);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called inside the transaction that writes the row, so that the wait exists before the row can be delivered.</summary>
    public void Expect(long outboxId, PendingDelivery delivery)
    {
        Forget(delivery); // that transaction may be run once more, and the row may have another id then
        delivery.OutboxId = outboxId;
        _waiting[outboxId] = delivery;
    }

    /// <summary>The transaction that wrote the row was rolled back, or nobody waits any more.</summary>
    public void Forget(PendingDelivery delivery) => _waiting.TryRemove(new(delivery.OutboxId, delivery));

    /// <summary>Called after the commit of an outbox row.</summary>
    public void Wake() => _work.Wake();

    /// <summary>The journal and the registry are open: deliveries may begin.</summary>
    public void Begin() => _started.TrySetResult();

    /// <summary>Delivers what waits, within <see cref="ForwardingOptions.DrainTimeout"/>.</summary>
    /// <exception cref="TimeoutException">Something still waits. It stays in the journal and goes out after the next start.</exception>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.DrainTimeout, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await link.ReopenAsync(); // the last chance before the process goes is not refused on the word of a breaker
            while (await TryDeliverBatchAsync(limit.Token) != 0) { }
        }
        catch (Exception e) when (e is OperationCanceledException or RegistryUnavailableException)
        {
            throw await NotDeliveredAsync(e, cancellationToken);
        }

        if (_quarantine.Sessions.Count > 0)
        {
            throw await NotDeliveredAsync(null, cancellationToken);
        }
    }

    /// <summary>Runs <paramref name="work"/> while no delivery is under way and every mark of an earlier one is committed.</summary>
    public async Task<T> WithoutDeliveriesAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _delivering.WaitAsync(cancellationToken);
        try
        {
            await SettleMarksAsync(all: true);
            return await work();
        }
        finally
        {
            _delivering.Release();
        }
    }

    private async Task<TimeoutException> NotDeliveredAsync(Exception? cause, CancellationToken cancellationToken)
    {
        var left = await journal.ReadAsync(OutboxTable.Backlog, cancellationToken);
        return new($"{left.Depth} outbox rows were not delivered. They stay in the journal and go out after the next start.", cause);
    }

    /// <summary>
    /// Takes a row back that nobody wants delivered any more. Only when no attempt is under way and none ended in doubt: otherwise the
    /// registry may have it already, and the caller must be told that the outcome is not known.
    /// </summary>
    public async Task<bool> TryWithdrawAsync(PendingDelivery delivery, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!await _delivering.WaitAsync(patience, cancellationToken))
        {
            return false;
        }

        try
        {
            var id = delivery.OutboxId;
            var withdrawn =
                !_outcomeUnknown.Contains(id)
                && await journal.WriteOwnAsync(
                    db =>
                    {
                        if (!OutboxTable.Withdraw(db, id))
                        {
                            return false;
                        }

                        IdempotencyTable.ReleaseByOutbox(db, id);
                        return true;
                    },
                    cancellationToken
                );
            if (withdrawn)
            {
                Forget(delivery);
            }

            return withdrawn;
        }
        finally
        {
            _delivering.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _started.Task.WaitAsync(stoppingToken);
        link.Reopened += _reopened.Wake;
        try
        {
            await ForwardAsync(stoppingToken);
        }
        finally
        {
            link.Reopened -= _reopened.Wake;
        }
    }

    private async Task ForwardAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await DeliverBatchAsync(stoppingToken) != 0) { }

                await ReconnectAsync(stoppingToken);
                failures = 0;
                await _work.WaitAsync(IdlePoll, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception e)
            {
                if (e is not (RegistryUnavailableException or JournalRefusedException))
                {
                    logger.LogError(e, "The outbox could not be delivered; it is tried again");
                }

                await _reopened.WaitAsync(BackOff(failures++), stoppingToken); // less when somebody has seen the registry answer
            }
        }
    }

    /// <summary>With nothing to deliver, asking is the only way to learn that the registry is back.</summary>
    private async Task ReconnectAsync(CancellationToken cancellationToken)
    {
        if (!link.State.Connected)
        {
            await link.ExecuteAsync(
                async token =>
                {
                    await registry.ProbeAsync(token);
                    return true;
                },
                cancellationToken
            );
        }
    }

    private TimeSpan BackOff(int failures) =>
        options.Value.MaxBackOff * Math.Min(1, Math.Pow(2, failures) / 50) * (0.75 + Random.Shared.NextDouble() / 2);

    /// <summary>For the drain, which has no time for a pause: a batch that was refused for a reason of its own is taken apart at once.</summary>
    private async Task<int> TryDeliverBatchAsync(CancellationToken cancellationToken)
    {
        var parked = _quarantine.Sessions.Count;
        var oneByOne = _quarantine.OneByOne;
        try
        {
            return await DeliverBatchAsync(cancellationToken);
        }
        catch (Exception) when (_quarantine.Sessions.Count != parked || _quarantine.OneByOne > oneByOne)
        {
            return _quarantine.OneByOne + 1; // it got on all the same: fewer rows are left to try
        }
    }

    /// <returns>Rows delivered.</returns>
    private async Task<int> DeliverBatchAsync(CancellationToken cancellationToken)
    {
        await _delivering.WaitAsync(cancellationToken);
        try
        {
            await SettleMarksAsync(all: false);
            var (rows, known) = await NextRowsAsync(cancellationToken);
            if (rows.Count == 0)
            {
                await SettleMarksAsync(all: true);
                return 0;
            }

            var registers = rows.Exists(row => row.Kind == OutboxTable.Register);
            if (registers)
            {
                await SettleMarksAsync(all: true); // so that only its own mark can keep a registration from being answered
            }

            using var activity = Traces.StartActivity("deliver outbox");
            activity?.SetTag("afirgen.rows", rows.Count);
            var (changes, outcomes) = await DeliverAsync(rows, known, cancellationToken);
            crashPoints.Hit(CrashPoints.AfterRegistryCommit);

            // A draft is confirmed as soon as the registry has committed it (G1). A registration's answer must also be replayable, so
            // its caller waits for the commit of the mark (G3).
            Confirm(rows, outcomes, row => row.Kind != OutboxTable.Register);
            bool Written(SqliteSession db) => Mark(db, rows, changes, outcomes);
            _marks.Add(rows, registers ? journal.WriteOwnAsync(Written, CancellationToken.None) : journal.WriteOwnWithNextAsync(Written));
            if (registers)
            {
                await SettleMarksAsync(all: true);
                Confirm(rows, outcomes, row => row.Kind == OutboxTable.Register);
            }

            metrics.Delivered(rows.Count);
            return rows.Count;
        }
        finally
        {
            _delivering.Release();
        }
    }

    private bool Mark(SqliteSession db, List<OutboxRow> rows, List<RegistryChange> changes, IReadOnlyList<DeliveryOutcome> outcomes)
    {
        var now = JournalStore.Stamp(clock.GetUtcNow());
        for (var i = 0; i < rows.Count; i++)
        {
            recorder.Record(db, rows[i], changes[i], outcomes[i]);
            OutboxTable.MarkDelivered(db, rows[i].Id, outcomes[i] is not Refused, now);
        }

        return true;
    }

    /// <summary>
    /// Only when a mark is committed may its rows be taken back: between the registry's commit and that one the journal does not know what
    /// the registry has, and a row taken back then would be answered "nothing happened" although it did (G8).
    /// </summary>
    /// <param name="all">False: no waiting, but for a writer that has fallen behind.</param>
    private async Task SettleMarksAsync(bool all)
    {
        while (_marks.Next(all) is { } mark)
        {
            _outcomeUnknown.ExceptWith(await _marks.SettleAsync(mark));
        }
    }

    private async Task<(List<OutboxRow> Rows, LedgerHead? Known)> NextRowsAsync(CancellationToken cancellationToken)
    {
        var limit = _quarantine.OneByOne > 0 ? 1 : options.Value.MaxBatchSize;
        string[] parked = [.. _quarantine.Sessions];
        return await journal.ReadAsync(
            db =>
            {
                var known = LedgerAnchorTable.Furthest(db);
                return (
                    OutboxTable.Undelivered(db, _marks.DeliveredUpTo, limit, parked),
                    known is null ? null : new LedgerHead(known.Position, known.Hash)
                );
            },
            cancellationToken
        );
    }

    private async Task<(List<RegistryChange> Changes, IReadOnlyList<DeliveryOutcome> Outcomes)> DeliverAsync(
        List<OutboxRow> rows,
        LedgerHead? known,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var changes = rows.ConvertAll(row => OutboxPayload.Read(row) with { Known = known });
            crashPoints.Hit(CrashPoints.BeforeDelivery);
            var outcomes = await link.ExecuteAsync(token => registry.DeliverAsync(changes, token), cancellationToken);
            _outcomeUnknown.UnionWith(rows.Select(row => row.Id));
            _quarantine.Delivered(rows.Count);
            return (changes, outcomes);
        }
        catch (Exception e)
        {
            metrics.Failed();
            if (e is not RegistryUnavailableException { OutcomeUnknown: false })
            {
                _outcomeUnknown.UnionWith(rows.Select(row => row.Id));
            }

            if (e is not (RegistryUnavailableException or OperationCanceledException))
            {
                _quarantine.Isolate(rows, e);
            }

            if (Mutations.Has(Mutations.ForwarderDrops))
            {
                await journal.WriteOwnAsync(db => rows.All(row => MarkDropped(db, row)), CancellationToken.None);
            }

            throw;
        }
    }

    private bool MarkDropped(SqliteSession db, OutboxRow row)
    {
        OutboxTable.MarkDelivered(db, row.Id, true, JournalStore.Stamp(clock.GetUtcNow()));
        return true;
    }

    private void Confirm(List<OutboxRow> rows, IReadOnlyList<DeliveryOutcome> outcomes, Func<OutboxRow, bool> which)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            if (which(rows[i]) && _waiting.TryRemove(rows[i].Id, out var delivery))
            {
                delivery.Confirm(outcomes[i]);
            }
        }
    }
}
