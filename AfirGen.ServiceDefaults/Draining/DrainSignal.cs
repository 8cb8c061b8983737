using System.Diagnostics.CodeAnalysis;

namespace AfirGen.ServiceDefaults.Draining;

/// <summary>What the drain tells the rest of the process. Has no dependencies, so flush steps and stores can take it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer, and abandoned requests may be linked to it until the end.")]
public sealed class DrainSignal
{
    private volatile CancellationTokenSource _deadline = new();
    private volatile bool _isStopping;
    private volatile bool _isLastFlush;

    /// <summary>
    /// True once the process really goes. False in a drain by an operator, who may resume: then stores must stay usable.
    /// </summary>
    public bool IsStopping => _isStopping;

    /// <summary>
    /// True in the flush after which the process goes. A stop that comes while an operator's drain is flushing has a flush of its own behind that
    /// one: a store that was sealed in the first could not be flushed in the second.
    /// </summary>
    public bool IsLastFlush => _isLastFlush;

    /// <summary>Cancelled when the drain's time is up and requests still run. A resumed service has a fresh token: do not keep it.</summary>
    public CancellationToken Deadline => _deadline.Token;

    internal void MarkStopping() => _isStopping = true;

    internal bool BeginFlush() => _isLastFlush = _isStopping;

    // Callbacks run on the thread pool: one that blocks must not hold up the drain.
    internal Task PassDeadlineAsync() => _deadline.CancelAsync();

    internal void RenewDeadline()
    {
        if (_deadline.IsCancellationRequested)
        {
            _deadline = new CancellationTokenSource();
        }
    }
}
