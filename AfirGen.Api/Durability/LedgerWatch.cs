using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Ledger;
using AfirGen.ServiceDefaults.Draining;

namespace AfirGen.Api.Durability;

/// <summary>
/// Verifies the ledger at the start and every hour: everything since the last checkpoint, and now and then all of it. What it finds
/// missing or altered is a data loss incident (G6).
/// </summary>
internal sealed class LedgerWatch(
    JournalStore journal,
    IRegistry registry,
    RegistryLink link,
    ServiceReadiness readiness,
    InFlightRequests requests,
    DurabilityMetrics metrics,
    TimeProvider clock,
    ILogger<LedgerWatch> logger
) : BackgroundService
{
    private const int WholeLedgerEvery = 24; // rounds
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NotYet = TimeSpan.FromSeconds(1);
    private readonly LedgerVerifier _verifier = new(registry);
    private readonly Lock _reporting = new();
    private volatile LedgerFault? _fault;

    /// <summary>The first thing that is wrong with the ledger; null when nothing is known to be.</summary>
    public LedgerFault? Fault => _fault;

    /// <summary>How far the ledger was found right, and when; null before the first check.</summary>
    public LedgerVerified? LastVerified { get; private set; }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        link.LedgerBroken += ReportOne;
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        link.LedgerBroken -= ReportOne;
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var round = 0; !stoppingToken.IsCancellationRequested; )
        {
            var pause = NotYet;
            if (readiness.HasStarted && link.State.Connected && !requests.IsDraining)
            {
                pause = Retry;
                try
                {
                    await CheckAsync(whole: round % WholeLedgerEvery == 0, stoppingToken);
                    round++;
                    pause = Interval;
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    logger.LogWarning("The ledger could not be verified and is tried again: {Reason}", e.Message);
                }
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <param name="whole">From the first record; otherwise from the last checkpoint.</param>
    public async Task<LedgerVerification> CheckAsync(bool whole, CancellationToken cancellationToken)
    {
        var checkpoint = await journal.ReadAsync(LedgerCheckpoints.Last, cancellationToken);
        var since = checkpoint is null ? LedgerHead.Genesis : new LedgerHead(checkpoint.Position, checkpoint.Hash);
        if (whole && checkpoint is not null)
        {
            // Up to the checkpoint, which must be what it was. The rest is the check from there.
            var old = await _verifier.VerifyAsync(LedgerHead.Genesis, checkpoint.Position, cancellationToken);
            var fault = old.Fault ?? Compare(old.Verified, since);
            if (fault is not null)
            {
                Report(fault);
                return old with { Fault = fault };
            }
        }

        var found = await _verifier.VerifyAsync(since, long.MaxValue - since.Position, cancellationToken);
        Report(found.Fault);
        if (found.Verified.Position > since.Position)
        {
            await journal.WriteAsync(
                db =>
                {
                    LedgerCheckpoints.Add(db, new(found.Verified.Position, found.Verified.Hash), JournalStore.Stamp(clock.GetUtcNow()));
                    return true;
                },
                cancellationToken
            );
        }

        if (found.Fault is null)
        {
            metrics.LedgerVerified(found.Verified.Position);
            LastVerified = new(found.Verified.Position, clock.GetUtcNow());
        }

        return found;
    }

    /// <summary>
    /// Verifies a part that somebody asks for, also against the checkpoint: an end that was cut off together with the head is consistent by
    /// itself. What is found is an incident like one that the hourly check finds.
    /// </summary>
    public async Task<LedgerVerification> VerifyAsync(LedgerHead from, long limit, CancellationToken cancellationToken)
    {
        // Before the ledger is read: it can only have grown since.
        var checkpoint = await journal.ReadAsync(LedgerCheckpoints.Last, cancellationToken);
        var known = checkpoint is null ? LedgerHead.Genesis : new LedgerHead(checkpoint.Position, checkpoint.Hash);
        var first = Math.Clamp(known.Position - from.Position, 0, limit);
        var found = await _verifier.VerifyAsync(from, first > 0 ? first : limit, cancellationToken);
        if (first > 0 && found.Fault is null)
        {
            if (found.Complete || found.Verified.Position == known.Position)
            {
                found = found with { Fault = Compare(found.Verified, known) };
            }

            if (found.Fault is null && !found.Complete && limit > first)
            {
                found = await _verifier.VerifyAsync(found.Verified, limit - first, cancellationToken);
            }
        }

        if (found.Fault is { } fault)
        {
            found = found with { Complete = false };
            ReportOne(fault);
        }

        return found;
    }

    /// <summary>One damage shows at other places too when a walk starts behind it.</summary>
    private void ReportOne(LedgerFault fault)
    {
        lock (_reporting)
        {
            if (_fault is not { } earlier || fault.Position < earlier.Position)
            {
                Report(fault);
            }
        }
    }

    private static LedgerFault? Compare(LedgerHead now, LedgerHead then) =>
        now.Position < then.Position ? new(now.Position + 1, $"the ledger was cut back: {then.Position} records were verified earlier")
        : now.Hash != then.Hash ? new(then.Position, "the chain was rewritten: this record had another hash when it was verified")
        : null;

    private void Report(LedgerFault? fault)
    {
        if (fault is not null && fault != _fault)
        {
            metrics.LedgerFault();
            logger.LogCritical("DATA LOSS: the ledger is broken at position {Position}: {Reason}", fault.Position, fault.Reason);
        }

        _fault = fault ?? _fault; // stays until somebody has looked: a restart forgets it, and finds it again
    }
}

/// <param name="Position">The last entry that was found right.</param>
/// <param name="At">UTC.</param>
internal sealed record LedgerVerified(long Position, DateTimeOffset At);
