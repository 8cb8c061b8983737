namespace AfirGen.ServiceDefaults.Draining;

/// <summary>
/// Counts admitted requests and closes the door to new ones. The drain flag and the count share one word, so "may I come in" and "I am
/// counted" are one atomic step (G5): no request can pass the flag, stall, and be counted only after the drain saw zero.
/// Thread-safe and lock-free.
/// </summary>
public sealed class InFlightRequests
{
    // Bit 63 is the drain flag, bits 0 to 62 are the count.
    private const long DrainBit = long.MinValue;

    private long _state;
    private TaskCompletionSource? _idle;

    /// <summary>Requests that were admitted and have not left.</summary>
    public int Count => (int)(Volatile.Read(ref _state) & ~DrainBit);

    /// <summary>True when new requests are refused.</summary>
    public bool IsDraining => (Volatile.Read(ref _state) & DrainBit) != 0;

    /// <summary>
    /// Admits and counts a request, or refuses it while draining. A refused request was never counted and must not call
    /// <see cref="Exit"/>.
    /// </summary>
    public bool TryEnter()
    {
        var seen = Volatile.Read(ref _state);
        while ((seen & DrainBit) == 0)
        {
            var before = Interlocked.CompareExchange(ref _state, seen + 1, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }

    /// <summary>An admitted request has ended.</summary>
    /// <exception cref="InvalidOperationException">More exits than entries: the count could no longer be trusted.</exception>
    public void Exit()
    {
        var seen = Volatile.Read(ref _state);
        while (true)
        {
            if ((seen & ~DrainBit) == 0)
            {
                throw new InvalidOperationException("A request left that was never admitted: the in-flight count would fall below zero.");
            }

            var before = Interlocked.CompareExchange(ref _state, seen - 1, seen);
            if (before == seen)
            {
                break;
            }

            seen = before;
        }

        if ((seen & ~DrainBit) == 1)
        {
            // The exchange above is a full fence, as is the one that installs the waiter: either we see the waiter or it sees zero.
            Interlocked.Exchange(ref _idle, null)?.TrySetResult();
        }
    }

    /// <summary>Refuses all requests from now on. Returns how many are still in flight at that very instant.</summary>
    public int BeginDrain() => (int)(Interlocked.Or(ref _state, DrainBit) & ~DrainBit);

    /// <summary>Admits requests again.</summary>
    public void Resume() => Interlocked.And(ref _state, ~DrainBit);

    /// <summary>
    /// Completes when no request is in flight. Call it after <see cref="BeginDrain"/>: without that, new requests can come in at any time.
    /// </summary>
    /// <exception cref="OperationCanceledException">Requests were still in flight when the token was cancelled.</exception>
    public async Task WaitForIdleAsync(CancellationToken cancellationToken)
    {
        while (Count != 0)
        {
            var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var idle = Interlocked.CompareExchange(ref _idle, fresh, null) ?? fresh;
            // Looked at again after the waiter is in place: the last request may have left in between and found nobody to wake.
            if (Count == 0)
            {
                return;
            }

            await idle.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
