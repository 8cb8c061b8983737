using System.Text.Json.Serialization.Metadata;
using AfirGen.Api.Audit;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Endpoints;

/// <summary>What the routes that change a session share: compose, commit, wait for the registry, answer.</summary>
internal sealed class Exchange(
    Idempotency idempotency,
    AuditTrail audit,
    SessionStore sessions,
    JournalStore journal,
    IOptions<ForwardingOptions> forwarding,
    TimeProvider clock
)
{
    public Idempotency Idempotency => idempotency;

    public SessionStore Sessions => sessions;

    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    public SessionAnswer<T> Answer<T>(
        HttpContext context,
        string action,
        IdempotencyScope? scope,
        Func<SessionState, T> compose,
        JsonTypeInfo<T> type
    ) => new(idempotency, audit, AuditedRequest.Entry(context, action), scope, compose, type);

    public Claim Claim(HttpContext context, string action, IdempotencyScope? scope) =>
        new(idempotency, audit, AuditedRequest.Entry(context, action), scope);

    /// <summary>Stores an answer that changes nothing else.</summary>
    public Task RecordAsync(IAnswerRecorder answer, SessionState session, CancellationToken cancellationToken)
    {
        answer.Prepare(session);
        return journal.WriteAsync(
            db =>
            {
                answer.Record(db, session.SessionId, null);
                return true;
            },
            cancellationToken
        );
    }

    /// <summary>
    /// The change is committed, so from here on it is answered 200 whatever the registry does; the header says how far it got (G1).
    /// </summary>
    public async Task SendAsync<T>(HttpContext context, SessionAnswer<T> answer, Committed committed)
    {
        var confirmed =
            committed.Delivery is not null
            && await committed.Delivery.WaitAsync(forwarding.Value.ConfirmationTimeout, clock, context.RequestAborted)
                is Recorded
                    or Registered;
        await idempotency.WriteAsync(context, answer.Answer!, confirmed);
    }
}
