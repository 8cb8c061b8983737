using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AfirGen.ServiceDefaults.Draining;

/// <summary>One drain from first to last: refuse, wait, cancel, flush, report. Who may start one and when is the coordinator's affair.</summary>
internal sealed class DrainRun(
    InFlightRequests inFlight,
    DrainSignal signal,
    FlushSequence flush,
    IOptions<DrainOptions> options,
    TimeProvider clock,
    DrainMetrics metrics,
    ILogger<DrainRun> log
)
{
    /// <summary>Makes every metric visible before the first drain.</summary>
    public void PublishZeros() => metrics.PublishZeros(flush.Names);

    public async Task<DrainReport> ExecuteAsync(string reason)
    {
        var startedAt = clock.GetUtcNow();
        var started = clock.GetTimestamp();

        // G5, in this order: refuse new work, let accepted work end, and only then flush, so that nothing is written behind the flush.
        var active = inFlight.BeginDrain();
        log.Requested(reason);
        log.Initiated(active);
        var (cancelled, abandoned) = await WaitForRequestsAsync(active).ConfigureAwait(false);

        log.Flushing();
        var forStop = signal.BeginFlush();
        var steps = await flush.RunAsync().ConfigureAwait(false);
        var duration = clock.GetElapsedTime(started);
        var report = new DrainReport(reason, startedAt, duration, active, cancelled, abandoned, forStop, steps);
        metrics.Drained(report);
        return report;
    }

    private async Task<(int Cancelled, int Abandoned)> WaitForRequestsAsync(int active)
    {
        if (active == 0)
        {
            log.NothingActive();
            return (0, 0);
        }

        log.Waiting(active);
        // A deadline that passed in an earlier drain stays passed: what is still here was told to end then.
        var deadlinePassed = signal.Deadline.IsCancellationRequested;
        if (!deadlinePassed && await IdleWithinAsync(options.Value.DrainTimeout).ConfigureAwait(false))
        {
            log.AllCompleted();
            return (0, 0);
        }

        var cancelled = inFlight.Count;
        if (cancelled == 0)
        {
            // The last one left in the very moment of the deadline.
            log.AllCompleted();
            return (0, 0);
        }

        if (!deadlinePassed)
        {
            log.TimeoutReached(cancelled);
            metrics.Cancelled(cancelled);
            _ = PassDeadlineAsync();
        }

        if (await IdleWithinAsync(options.Value.CancellationGrace).ConfigureAwait(false))
        {
            log.CancelledEnded(cancelled);
            return (cancelled, 0);
        }

        var abandoned = inFlight.Count;
        log.Abandoned(abandoned, options.Value.CancellationGrace);
        return (cancelled, abandoned);
    }

    private async Task<bool> IdleWithinAsync(TimeSpan limit)
    {
        using var time = new CancellationTokenSource(limit, clock);
        try
        {
            await inFlight.WaitForIdleAsync(time.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // Not waited for: callbacks of requests may block, and the grace runs meanwhile.
    private async Task PassDeadlineAsync()
    {
        try
        {
            await signal.PassDeadlineAsync().ConfigureAwait(false);
        }
        catch (AggregateException error)
        {
            log.CallbackFailed(error);
        }
    }
}
