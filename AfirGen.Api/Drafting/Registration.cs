using AfirGen.Api.Drafting.Form;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Sqlite;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Drafting;

/// <summary>
/// Gives an approved FIR its official serial. The intent goes through the outbox, behind the session's other changes and in the journal
/// before the registry hears of it: a crash anywhere in between is healed by delivering it again (G1, G2, G3).
/// </summary>
internal sealed class Registration(
    SessionStore sessions,
    JournalStore journal,
    IRegistry registry,
    OutboxForwarder forwarder,
    RegistryLink link,
    IOptions<StationOptions> station,
    IOptions<ForwardingOptions> options,
    TimeProvider clock
)
{
    private static readonly TimeSpan WithdrawalPatience = TimeSpan.FromSeconds(1);

    /// <param name="operation">Identifies this request; the same one again gets the same serial.</param>
    /// <param name="expectedVersion">Of the session, as whoever registers has read it; null registers whatever is approved now.</param>
    /// <param name="claim">Stores that the request is under way; its answer follows with the delivery.</param>
    public async Task<Registered> RegisterAsync(
        string firNumber,
        string operation,
        long? expectedVersion,
        Action<SqliteSession, string, long> claim,
        CancellationToken cancellationToken
    )
    {
        var session = await sessions.FindByFirNumberAsync(firNumber, cancellationToken);
        var sessionId = session is null
            ? await RequirePendingRecordAsync(firNumber, expectedVersion, cancellationToken)
            : RequireRegistrable(session, expectedVersion);
        if (!link.State.Connected)
        {
            throw Unavailable(link.State.Reason);
        }

        var now = clock.GetUtcNow();
        var change = new Register(sessionId, firNumber, operation, station.Value.Code, IndianTime.Of(now).Year, JournalStore.Stamp(now));
        PendingDelivery delivery;
        try
        {
            delivery = await EnqueueAsync(change, session, claim, cancellationToken);
        }
        catch (SessionConflictException) when (session is not null)
        {
            // What changed the session may have been its registration by another request.
            var current = await sessions.FindAsync(session.SessionId, cancellationToken);
            throw current?.RegistrationNumber is null ? new SessionConflictException(session.SessionId) : AlreadyRegistered();
        }

        var outcome =
            await delivery.WaitAsync(options.Value.RegistrationTimeout, clock, cancellationToken) ?? await WithdrawAsync(delivery);
        return outcome switch
        {
            Registered registered => registered,
            Refused { Reason: Refused.AlreadyFinalized } => throw AlreadyRegistered(),
            Refused { Reason: Refused.NotPending } => throw new Refusal(RefusalKind.WrongState, "The FIR has not been rendered yet."),
            Refused => throw NotFound(),
            _ => throw new InvalidOperationException($"The registry answered a registration with {outcome.GetType().Name}."),
        };
    }

    private async Task<PendingDelivery> EnqueueAsync(
        Register change,
        SessionState? session,
        Action<SqliteSession, string, long> claim,
        CancellationToken cancellationToken
    )
    {
        var delivery = new PendingDelivery();
        var (kind, json) = OutboxPayload.Write(change);
        try
        {
            await journal.WriteAsync(
                db =>
                {
                    // Approved content only: nobody reopened the session since it was read above.
                    if (session is not null && SessionTables.Find(db, session.SessionId)?.Version != session.Version)
                    {
                        throw new SessionConflictException(session.SessionId);
                    }

                    var id = OutboxTable.Insert(db, change.SessionId, kind, json, change.RegisteredAt);
                    forwarder.Expect(id, delivery);
                    claim(db, change.SessionId, id);
                    return true;
                },
                cancellationToken
            );
        }
        catch
        {
            forwarder.Forget(delivery);
            throw;
        }

        forwarder.Wake();
        return delivery;
    }

    /// <summary>The registry did not confirm in time: take the intent back if that is certain to leave no trace, else say that nobody knows.</summary>
    private async Task<DeliveryOutcome> WithdrawAsync(PendingDelivery delivery)
    {
        try
        {
            if (await forwarder.TryWithdrawAsync(delivery, WithdrawalPatience, CancellationToken.None))
            {
                throw Unavailable(link.State.Reason ?? "It did not confirm in time.");
            }
        }
        catch (JournalRefusedException)
        {
            // It could not be taken back either, so it stays and will be delivered: not "nothing happened" (G8).
        }

        if (delivery.Outcome.IsCompletedSuccessfully)
        {
            return await delivery.Outcome;
        }

        throw new Refusal(
            RefusalKind.OutcomeUnknown,
            "The registry did not confirm in time. The registration is stored and may still go through: ask GET /operations/{key}, or send it again with the same Idempotency-Key."
        );
    }

    private async Task<string> RequirePendingRecordAsync(string firNumber, long? expectedVersion, CancellationToken cancellationToken)
    {
        // Drafted by another instance: its registry record decides.
        var record = await registry.FindAsync(firNumber, cancellationToken) ?? throw NotFound();
        return record.Status switch
        {
            FirStatus.Pending when expectedVersion is not null => throw new Refusal(
                RefusalKind.Stale,
                "If-Match: another instance has drafted this FIR, and its versions are not known here."
            ),
            FirStatus.Pending => record.SessionId,
            FirStatus.Finalized => throw AlreadyRegistered(),
            _ => throw new Refusal(RefusalKind.WrongState, "The FIR has not been rendered yet."),
        };
    }

    private static string RequireRegistrable(SessionState session, long? expectedVersion)
    {
        if (session.RegistrationNumber is not null)
        {
            throw AlreadyRegistered();
        }

        // What somebody has read is what gets the number: it may have been reopened and approved anew meanwhile.
        Review.RequireVersion(session, expectedVersion);
        if (session.Status != SessionStatus.Completed)
        {
            throw new Refusal(
                RefusalKind.WrongState,
                $"The FIR is not ready for registration: {SnakeCase.Of(session.CurrentStep)} is not approved yet."
            );
        }

        // D-06: a registered FIR never has a blank where the law wants a fact.
        var missing = RenderedField.MissingMandatory(session.Fields);
        return missing.Length == 0
            ? session.SessionId
            : throw new Refusal(
                RefusalKind.FirIncomplete,
                $"Not recorded: {string.Join(", ", missing)}. Supply each with POST /validate, approved false, user_input \"{missing[0]}: …\"."
            )
            {
                Extensions = { ["missing_fields"] = missing, ["session_id"] = session.SessionId },
            };
    }

    private static Refusal Unavailable(string? reason) =>
        new(
            RefusalKind.RegistryUnavailable,
            $"Registration needs the registry, and it does not answer: {reason} Nothing happened; try again later."
        );

    private static Refusal AlreadyRegistered() => new(RefusalKind.AlreadyRegistered, "FIR already finalized.");

    private static Refusal NotFound() => new(RefusalKind.NotFound, "FIR not found.");
}
