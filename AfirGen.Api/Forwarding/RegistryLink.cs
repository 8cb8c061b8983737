using AfirGen.Api.Registry;

namespace AfirGen.Api.Forwarding;

/// <summary>Whether the registry answers, as of the last delivery or probe.</summary>
internal sealed class RegistryLink(TimeProvider clock, ILogger<RegistryLink> logger)
{
    private volatile LinkState _state = new(false, "not connected yet", clock.GetUtcNow());

    public LinkState State => _state;

    public async Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            var result = await call(cancellationToken);
            Report(true, null);
            return result;
        }
        catch (RegistryUnavailableException e)
        {
            Report(false, e.Message);
            throw;
        }
    }

    public void Report(bool connected, string? reason)
    {
        var before = _state;
        if (before.Connected == connected)
        {
            return;
        }

        _state = new(connected, reason, clock.GetUtcNow());
        if (connected)
        {
            logger.LogInformation("The registry answers");
        }
        else
        {
            logger.LogError("The registry does not answer: {Reason}. Intake and review go on from the journal", reason);
        }
    }
}

/// <param name="Reason">Why not; null when connected.</param>
internal sealed record LinkState(bool Connected, string? Reason, DateTimeOffset Since);
