using AfirGen.Api.Access;
using AfirGen.Api.Audit;

namespace AfirGen.Api.Endpoints;

/// <summary>Notes who was shown the text of a complaint. The answer does not wait for it.</summary>
internal sealed class ReadAudit(AuditTrail audit, TimeProvider clock)
{
    private readonly RepeatFilter _polled = new(TimeSpan.FromMinutes(5), clock);

    public void Note(HttpContext context, string action, string firNumber) =>
        _ = audit.NoteAsync(AuditedRequest.Entry(context, action, firNumber));

    /// <summary>For what a page asks every few seconds: noted once in five minutes.</summary>
    public void NotePoll(HttpContext context, string firNumber)
    {
        if (_polled.IsNew($"{Accessor.Of(context)?.Principal} {firNumber}"))
        {
            Note(context, AuditActions.Read, firNumber);
        }
    }
}
