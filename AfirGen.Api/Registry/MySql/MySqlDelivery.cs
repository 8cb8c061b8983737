using AfirGen.Api.Durability;
using MySqlConnector;

namespace AfirGen.Api.Registry.MySql;

/// <summary>
/// Delivers a batch in one transaction. When the answer to a COMMIT is lost, nothing is assumed: the next attempt locks the same rows, which
/// waits until the lost transaction is over one way or the other, and looks.
/// </summary>
internal sealed class MySqlDelivery(
    FirdbConnections connections,
    CrashPoints crashPoints,
    TimeProvider clock,
    ILogger<MySqlDelivery> logger
)
{
    private const int MaxAttempts = 4;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc cref="IRegistry.DeliverAsync"/>
    public async Task<IReadOnlyList<DeliveryOutcome>> DeliverAsync(
        IReadOnlyList<RegistryChange> changes,
        CancellationToken cancellationToken
    )
    {
        Attempt? inDoubt = null; // its COMMIT was sent, and nobody knows what became of it
        for (var count = 1; ; count++)
        {
            var attempt = new Attempt { InDoubt = inDoubt };
            try
            {
                return await RunAsync(attempt, changes, cancellationToken);
            }
            catch (Exception e)
            {
                inDoubt = attempt.CommitSent ? attempt : attempt.InDoubt;
                logger.LogWarning(
                    "Transaction rolled back or in doubt ({State}), attempt {Attempt}: {Reason}",
                    inDoubt is null ? "certainly without effect" : "the outcome of a COMMIT is not known",
                    count,
                    e.Message
                );
                var worthwhile = inDoubt is not null || MySqlFailure.IsLockConflict(e) || MySqlFailure.IsDuplicateKey(e);
                if (!worthwhile || count == MaxAttempts || cancellationToken.IsCancellationRequested)
                {
                    throw Final(e, inDoubt is not null);
                }
            }

            await Task.Delay(FirstPause * Math.Pow(3, count - 1) * (0.5 + Random.Shared.NextDouble()), clock, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static Exception Final(Exception e, bool outcomeUnknown)
    {
        if (e is RegistryUnavailableException unavailable && unavailable.OutcomeUnknown == outcomeUnknown)
        {
            return unavailable;
        }

        // What is wrong with the change itself, and a caller's cancellation, keep their type; a doubt comes before both.
        return outcomeUnknown || MySqlFailure.IsUnavailable(e) ? MySqlFailure.Unavailable(e, outcomeUnknown) : e;
    }

    private async Task<List<DeliveryOutcome>> RunAsync(
        Attempt attempt,
        IReadOnlyList<RegistryChange> changes,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await connections.OpenToWriteAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RecordLocks.LoadAsync(attempt.Batch, connection, transaction, changes, cancellationToken);
        attempt.Outcomes = [.. changes.Select(attempt.Batch.Apply)];
        if (attempt.InDoubt is { } earlier)
        {
            switch (attempt.Shows(earlier))
            {
                case true:
                    return earlier.Outcomes; // it was committed, all of it: a transaction has no half (G2)
                case false:
                    attempt.InDoubt = null; // it was rolled back: this attempt starts from a certain state
                    break;
            }
        }

        if (!attempt.Batch.ChangesNothing)
        {
            await RecordWrites.WriteAsync(attempt.Batch, connection, transaction, cancellationToken);
        }

        crashPoints.Hit(CrashPoints.InsideRegistryTransaction);
        cancellationToken.ThrowIfCancellationRequested();

        // From here on the server may have committed whatever becomes of us or of the connection, so the mark comes before the COMMIT is
        // sent, and no cancellation interrupts the wait for its answer (G1, G8).
        attempt.CommitSent = !attempt.Batch.ChangesNothing;
        await transaction.CommitAsync(CancellationToken.None);
        return attempt.Outcomes;
    }

    private sealed class Attempt
    {
        public RegistryBatch Batch { get; } = new();
        public List<DeliveryOutcome> Outcomes { get; set; } = [];
        public bool CommitSent { get; set; }

        /// <summary>An earlier attempt that this one has not cleared up yet.</summary>
        public Attempt? InDoubt { get; set; }

        /// <summary>Whether what this attempt read under lock has <paramref name="earlier"/> in it; null when that cannot be seen.</summary>
        public bool? Shows(Attempt earlier)
        {
            if (earlier.Batch.Finalizations is [var finalization, ..])
            {
                // A ledger entry is unique: it follows from the texts, the serial and all entries before it.
                var index = earlier.Outcomes.IndexOf(finalization.Registered);
                return Outcomes[index] == finalization.Registered && Batch.Finalizations.All(f => f.FirNumber != finalization.FirNumber);
            }

            // Only this process delivers its sessions: a record that is there now was put there by the earlier attempt.
            return earlier.Batch.New is [var added, ..] ? Batch.New.All(fir => fir.SessionId != added.SessionId) : null;
        }
    }
}
