using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AfirGen.Api.Audit;
using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Sqlite;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Endpoints;

/// <summary>Answers POST /authenticate.</summary>
internal sealed class Registrar(
    Registration registration,
    Idempotency idempotency,
    OutboxForwarder forwarder,
    JournalStore journal,
    ReceiptSigner signer,
    AuditTrail audit,
    IOptions<ForwardingOptions> options,
    TimeProvider clock
)
{
    /// <param name="expectedVersion">From <c>If-Match</c>. A registration that is stored already is answered as it was, whatever it says.</param>
    public async Task RegisterAsync(HttpContext context, string firNumber, long? expectedVersion, IdempotentRequest request)
    {
        if (request.Claimed?.OutboxId is { } underWay && await WaitForEarlierAsync(context, request.Scope!, underWay))
        {
            return;
        }

        // The same key is the same operation, so a registration that went through before a crash is recognised, not refused.
        var operation = request.Scope is null
            ? Guid.NewGuid().ToString("N")
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.Scope.Key)));
        var requested = AuditedRequest.Entry(context, AuditActions.Register, firNumber, "requested");
        var registered = await registration.RegisterAsync(
            firNumber,
            operation,
            expectedVersion,
            (db, sessionId, outboxId) =>
            {
                audit.Append(db, requested);
                if (request.Scope is not null)
                {
                    IdempotencyTable.Put(db, request.Scope, idempotency.Row(request.Scope, null, sessionId, outboxId));
                }
            },
            context.RequestAborted
        );
        var answer = await StoredAnswerAsync(request.Scope) ?? AnswerFor(signer, firNumber, registered);
        await idempotency.WriteAsync(context, answer, inRegistry: true);
    }

    public static Answer AnswerFor(ReceiptSigner signer, string firNumber, Registered registered)
    {
        return new(
            StatusCodes.Status200OK,
            [],
            JsonSerializer.SerializeToUtf8Bytes(
                new AuthenticateAnswer(
                    Success: true,
                    "FIR successfully finalized",
                    firNumber,
                    registered.Registration.Number,
                    signer.Sign(firNumber, registered.Registration, registered.RegisteredAt, registered.Entry)
                ),
                WireJson.Wire.AuthenticateAnswer
            )
        );
    }

    /// <summary>What the delivery stored: a signature differs each time it is made, and the answer must be the replay's, byte for byte (G3).</summary>
    private async Task<Answer?> StoredAnswerAsync(IdempotencyScope? scope) =>
        scope is not null
        && await journal.ReadAsync(db => IdempotencyTable.Find(db, scope), CancellationToken.None)
            is { StatusCode: { } status, Body: { } body }
            ? new(status, [], body)
            : null;

    /// <summary>An earlier attempt with this key is still in the outbox: its outcome is this one's.</summary>
    /// <returns>False when it turned out to have had no effect, so that this attempt starts afresh.</returns>
    private async Task<bool> WaitForEarlierAsync(HttpContext context, IdempotencyScope scope, long outboxId)
    {
        var delivery = new PendingDelivery();
        forwarder.Expect(outboxId, delivery);
        forwarder.Wake();
        // Read after Expect: a delivery that came in between is seen here, a later one completes the wait.
        var row = await journal.ReadAsync(db => IdempotencyTable.Find(db, scope), context.RequestAborted);
        if (row is { StatusCode: null })
        {
            await delivery.WaitAsync(options.Value.RegistrationTimeout, clock, context.RequestAborted);
            row = await journal.ReadAsync(db => IdempotencyTable.Find(db, scope), CancellationToken.None);
        }

        forwarder.Forget(delivery);
        switch (row)
        {
            case null:
                return false;
            case { StatusCode: null }:
                throw new Refusal(
                    RefusalKind.OutcomeUnknown,
                    "The registry has not confirmed this registration yet. It is stored; ask again."
                );
            default:
                await idempotency.ReplayAsync(context, row);
                return true;
        }
    }
}

/// <summary>Completes a registration in the journal: session event and stored answer, with the mark on the outbox row (G2, G3).</summary>
internal sealed class RegistrationRecorder(ReceiptSigner signer, AuditTrail audit, TimeProvider clock) : IDeliveryRecorder
{
    public void Record(SqliteSession db, OutboxRow row, RegistryChange change, DeliveryOutcome outcome)
    {
        switch (outcome)
        {
            case Registered registered:
                audit.Append(db, AuditEntry.OfService(AuditActions.Register, change.FirNumber, registered.Registration.Number));
                // From now on a registry without this entry is not the one that the receipt is about.
                LedgerAnchorTable.Advance(db, new(registered.Entry.Position, registered.Entry.RecordHash));
                if (
                    SessionStore.Read(SessionTables.Find(db, row.SessionId)) is
                    { RegistrationNumber: null, Status: SessionStatus.Completed } session
                )
                {
                    var completed = SessionChange.Of(session);
                    completed.Add(new FirRegistered(registered.Registration.Number, registered.RegisteredAt), clock.GetUtcNow());
                    SessionStore.Write(db, completed);
                }

                var answer = Registrar.AnswerFor(signer, change.FirNumber, registered);
                IdempotencyTable.CompleteByOutbox(db, row.Id, answer.StatusCode, answer.Body);
                break;
            case Refused refused when change is Register:
                audit.Append(db, AuditEntry.OfService(AuditActions.Register, change.FirNumber, $"refused: {refused.Reason}"));
                IdempotencyTable.ReleaseByOutbox(db, row.Id);
                break;
        }
    }
}
