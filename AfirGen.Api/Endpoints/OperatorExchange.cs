using System.Text.Json;
using AfirGen.Api.Audit;
using AfirGen.Api.Journal;

namespace AfirGen.Api.Endpoints;

/// <summary>
/// Operator's requests change the running process, not a store. With an Idempotency-Key their answer is stored all the same, so that a
/// repeated one gets it again; a crash before that lets it run twice, and each of them may. The audit log has it before it is done: a drain
/// leaves no time for that, and whoever ends a process shall not end his record with it.
/// </summary>
internal sealed class OperatorExchange(Idempotency idempotency, AuditTrail audit, JournalStore journal)
{
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="subject">What it is done to; "" for the service.</param>
    public Task RunAsync(HttpContext context, string action, string subject, Func<Task<object>> work) =>
        idempotency.RunAsync(
            context,
            "",
            async request =>
            {
                await audit.RecordOwnAsync(AuditedRequest.Entry(context, action, subject, "requested"));
                var result = await work();
                var answer = new Answer(StatusCodes.Status200OK, [], JsonSerializer.SerializeToUtf8Bytes(result, OperatorJson.Options));
                if (request.Scope is { } scope)
                {
                    await journal.WriteAsync(
                        db =>
                        {
                            IdempotencyTable.Put(db, scope, idempotency.Row(scope, answer, null, null));
                            return true;
                        },
                        CancellationToken.None
                    );
                }

                await idempotency.WriteAsync(context, answer, inRegistry: false);
            }
        );
}

/// <summary>JSON of the operator's routes: snake_case like the rest, but open to any shape.</summary>
internal static class OperatorJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = JsonNamingPolicy.SnakeCaseLower,
    };
}
