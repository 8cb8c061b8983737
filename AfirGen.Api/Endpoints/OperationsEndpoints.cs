using System.Text.Json;
using AfirGen.Api.Access;
using AfirGen.Api.Audit;
using AfirGen.Api.Drafting;
using AfirGen.Api.Durability;
using AfirGen.Api.Journal;
using AfirGen.Api.Reliability;
using AfirGen.ServiceDefaults.Draining;
using Microsoft.AspNetCore.Mvc;

namespace AfirGen.Api.Endpoints;

/// <summary>For operators: drain, resume, breakers, recovery, what became of a request.</summary>
internal static class OperationsEndpoints
{
    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Operations").ProducesProblems();
        group
            .MapPost("/operations/drain", DrainAsync)
            .WithSummary("Refuse new requests, wait for those in flight, flush; the process stays up")
            .Produces<DrainReport>()
            .RequireRole(Role.Operator)
            .DisableRateLimiting()
            .AllowWhileDraining();
        group
            .MapPost("/operations/resume", ResumeAsync)
            .WithSummary("Take requests again after a drain")
            .RequireRole(Role.Operator)
            .DisableRateLimiting()
            .AllowWhileDraining();
        group
            .MapGet("/operations/{key}", OperationAsync)
            .WithSummary("What became of a request, by its Idempotency-Key")
            .Produces<OperationAnswer>();
        group.MapGet("/reliability", Reliability).WithSummary("Breakers, drain, health monitor, recovery").AllowWhileDraining();
        group
            .MapPost("/reliability/circuit-breaker/{name}/reset", ResetBreakerAsync)
            .WithSummary("Close a circuit breaker")
            .RequireRole(Role.Operator);
        group
            .MapPost("/reliability/auto-recovery/{name}/trigger", TriggerRecoveryAsync)
            .WithSummary("Probe a dependency and close its breaker if it answers")
            .RequireRole(Role.Operator);
    }

    private static Task DrainAsync(HttpContext context, [FromServices] OperatorExchange exchange, [FromServices] DrainCoordinator drain) =>
        exchange.RunAsync(context, AuditActions.Drain, "", async () => await drain.DrainAsync("operator"));

    private static Task ResumeAsync(HttpContext context, [FromServices] OperatorExchange exchange, [FromServices] DrainCoordinator drain) =>
        exchange.RunAsync(
            context,
            AuditActions.Resume,
            "",
            () =>
                drain.Resume()
                    ? Task.FromResult<object>(new OperatorAnswer<DrainStatus>(true, "Requests are taken again", drain.Status))
                    : throw new Refusal(
                        RefusalKind.WrongState,
                        "A drain is under way or the service is stopping; it cannot be resumed now."
                    )
        );

    private static async Task OperationAsync(
        HttpContext context,
        [FromRoute(Name = "key")] string decoded,
        [FromServices] JournalStore journal,
        [FromServices] Idempotency idempotency
    )
    {
        var key = RequestReading.LastSegment(context) ?? decoded;
        var principal = ApiKeyMiddleware.Principal(context);
        var route = context.Request.Query["route"].FirstOrDefault();
        // In flight first: a request that ends between the two looks is found in the journal then.
        var inFlight = idempotency.IsInFlight(principal, key);
        var rows = await journal.ReadAsync(db => IdempotencyTable.FindByClientKey(db, principal, key), context.RequestAborted);
        var row = rows.FirstOrDefault(row => route is null || row.Route == route);
        await context.Response.WriteAsJsonAsync(Describe(key, row, inFlight), WireJson.Wire.OperationAnswer);
    }

    private static OperationAnswer Describe(string key, IdempotencyRow? row, bool inFlight) =>
        row switch
        {
            { StatusCode: { } status } => new(
                key,
                "done",
                row.Route,
                status,
                JsonSerializer.Deserialize<JsonElement>(row.Body),
                row.SessionId,
                "Done and durable; this is its answer."
            ),
            _ when inFlight => new(key, "in_flight", row?.Route, null, null, row?.SessionId, "Being worked on; ask again."),
            { OutboxId: not null } => new(
                key,
                "in_flight",
                row.Route,
                null,
                null,
                row.SessionId,
                "Stored; the registry has not confirmed it yet. Ask again."
            ),
            not null => new(
                key,
                "not_done",
                row.Route,
                null,
                null,
                row.SessionId,
                "The upload is stored and has not been read. Send the request again with this key."
            ),
            null => new(
                key,
                "not_done",
                null,
                null,
                null,
                null,
                "No effect of a request with this key is stored. It is safe to send it again."
            ),
        };

    private static IResult Reliability([FromServices] ReliabilityReport report) => Results.Json(report.Read(), OperatorJson.Options);

    private static Task ResetBreakerAsync(
        HttpContext context,
        string name,
        [FromServices] OperatorExchange exchange,
        [FromServices] CircuitBreakers breakers
    ) =>
        exchange.RunAsync(
            context,
            AuditActions.ResetBreaker,
            Known(name),
            async () =>
            {
                var breaker = breakers.Find(name)!;
                await breaker.ResetAsync();
                return new OperatorAnswer<CircuitBreakerStatus>(true, $"Circuit breaker '{name}' has been reset", breaker.Status);
            }
        );

    private static Task TriggerRecoveryAsync(
        HttpContext context,
        string name,
        [FromServices] OperatorExchange exchange,
        [FromServices] AutoRecovery recovery
    ) =>
        exchange.RunAsync(
            context,
            AuditActions.TriggerRecovery,
            Known(name),
            async () =>
            {
                var outcome = (await recovery.TriggerAsync(name, context.RequestAborted))!;
                return new OperatorAnswer<RecoveryStatus>(outcome.Success, outcome.Message, outcome.Status);
            }
        );

    /// <summary>Asked before anything is recorded: the audit log keeps its subjects for good, and no text that a client made up.</summary>
    private static string Known(string name) =>
        DependencyNames.All.Contains(name)
            ? name
            : throw new Refusal(RefusalKind.NotFound, $"'{name}' is unknown; there are {string.Join(", ", DependencyNames.All)}.");
}
