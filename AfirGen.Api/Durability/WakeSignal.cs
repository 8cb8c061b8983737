namespace AfirGen.Api.Durability;

/// <summary>Wakes one loop from its pause. Signals that arrive before it waits count as one.</summary>
internal sealed class WakeSignal(TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _signalled = new(0, 1);

    public void Wake()
    {
        if (_signalled.CurrentCount > 0)
        {
            return; // asked first: every request comes here, and an exception for each costs more than its commit
        }

        try
        {
            _signalled.Release();
        }
        catch (SemaphoreFullException)
        {
            // already awake
        }
    }

    /// <summary>Returns when it was signalled, when <paramref name="pause"/> is over, and when the service stops; it never throws.</summary>
    public async Task WaitAsync(TimeSpan pause, CancellationToken stoppingToken)
    {
        using var over = new CancellationTokenSource(pause, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, over.Token);
        await _signalled.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _signalled.Dispose();
}
