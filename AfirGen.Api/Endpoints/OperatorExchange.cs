using System.Text.Json;
using AfirGen.Api.Journal;

namespace AfirGen.Api.Endpoints;

/// <summary>
/// Operator's requests change the running process, not a store. With an Idempotency-Key their answer is stored all the same, so that a
/// repeated one gets it again; a crash before that lets it run twice, and each of them may.
/// </summary>
internal sealed class OperatorExchange(Idempotency idempotency, JournalStore journal)
{
    public Task RunAsync(HttpContext context, Func<Task<object>> work) =>
        idempotency.RunAsync(
            context,
            "",
            async request =>
            {
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
