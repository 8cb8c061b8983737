using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Ledger;
using AfirGen.Api.Reliability;
using Polly.CircuitBreaker;

namespace AfirGen.Api.Forwarding;

/// <summary>Calls the registry through the breaker <c>database</c>, and knows whether it answered last time.</summary>
internal sealed class RegistryLink(CircuitBreakers breakers, TimeProvider clock, ILogger<RegistryLink> logger)
{
    private volatile LinkState _state = new(false, "not connected yet", clock.GetUtcNow());

    private volatile bool _admitted;
    private volatile bool _reported;

    public LinkState State => _state;

    /// <summary>
    /// Asked before the first call after the registry came back, and throws when it must not be written: it may have been restarted with
    /// other settings, or be another server (G7). Without one every call goes through.
    /// </summary>
    public Func<CancellationToken, Task>? Admission { get; set; }

    /// <summary>It came or went.</summary>
    public event Action? Changed;

    /// <summary>It answers, and its ledger is not what it was.</summary>
    public event Action<LedgerFault>? LedgerBroken;

    /// <summary>The breaker lets calls through again.</summary>
    public event Action? Reopened
    {
        add => breakers.Database.Closed += value;
        remove => breakers.Database.Closed -= value;
    }

    public async Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            var result = await breakers.Database.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        await AdmitAsync(token);
                        return await call(token);
                    }
                    catch (Exception e) when (e is not (RegistryUnavailableException or OperationCanceledException))
                    {
                        // Wrong with what was asked, not with the registry: the breaker does not count it.
                        throw new RequestFaultException(e.Message, e);
                    }
                },
                cancellationToken
            );
            Report(true, null);
            return result;
        }
        catch (RegistryUnavailableException e)
        {
            Report(false, e.Message);
            if (e.Fault is { } fault)
            {
                LedgerBroken?.Invoke(fault);
            }

            throw;
        }
        catch (BrokenCircuitException e)
        {
            throw new RegistryUnavailableException("It failed repeatedly and is left alone for a while.", outcomeUnknown: false, e);
        }
    }

    /// <summary>The next call is made, whatever the last ones came to.</summary>
    public Task ReopenAsync() => breakers.Database.ResetAsync();

    /// <summary>Ask <see cref="Admission"/> again before the next call.</summary>
    public void Readmit() => _admitted = false;

    public void Report(bool connected, string? reason)
    {
        if (!connected)
        {
            Readmit();
        }

        var before = _state;
        var first = !connected && _reported is false;
        _reported = true;
        if (before.Connected == connected && !first)
        {
            if (before.Reason != reason)
            {
                _state = before with { Reason = reason }; // still away, and for another reason
            }

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

        Changed?.Invoke();
    }

    private async Task AdmitAsync(CancellationToken cancellationToken)
    {
        if (!_admitted && Admission is { } ask)
        {
            await ask(cancellationToken);
            _admitted = true;
        }
    }
}

/// <param name="Reason">Why not; null when connected.</param>
internal sealed record LinkState(bool Connected, string? Reason, DateTimeOffset Since);
