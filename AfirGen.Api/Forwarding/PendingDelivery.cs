using AfirGen.Api.Registry;

namespace AfirGen.Api.Forwarding;

/// <summary>A caller's wait for the registry to confirm one outbox row.</summary>
internal sealed class PendingDelivery
{
    private readonly TaskCompletionSource<DeliveryOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Set inside the transaction that writes the row.</summary>
    public long OutboxId { get; set; }

    public Task<DeliveryOutcome> Outcome => _outcome.Task;

    public void Confirm(DeliveryOutcome outcome) => _outcome.TrySetResult(outcome);

    /// <summary>Never throws for a cancellation: the row is committed, so "cancelled" would be a lie.</summary>
    /// <returns>Null when the registry has not confirmed within <paramref name="timeout"/> or until the cancellation.</returns>
    public async Task<DeliveryOutcome?> WaitAsync(TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            return await Outcome.WaitAsync(timeout, clock, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return null;
        }
    }
}
