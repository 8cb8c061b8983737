using System.Text.Json;
using AfirGen.Api.Access;
using AfirGen.Api.Audit;
using AfirGen.Api.Drafting;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Sqlite;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Endpoints;

/// <summary>FIR records: register, read, list.</summary>
internal static class FirEndpoints
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    public static void MapFirs(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("FIR records").ProducesProblems();
        group
            .MapPost("/authenticate", AuthenticateAsync)
            .WithSummary("Register an approved FIR: official serial, receipt")
            .Accepts<AuthenticateRequest>("application/json")
            .Produces<AuthenticateAnswer>()
            .RequireRole(Role.Registrar);
        group.MapGet("/fir/{fir_number}", GetAsync).WithSummary("Status of an FIR").Produces<FirAnswer>();
        group.MapGet("/fir/{fir_number}/content", GetContentAsync).WithSummary("An FIR with its text").Produces<FirContentAnswer>();
        group
            .MapGet("/list_firs", ListAsync)
            .WithSummary("FIRs, newest first: limit (1 to 100), and offset or after")
            .WithDescription(
                "The first page has no cursor. `next` of an answer is the FIR number to give as `after` for the page behind it, and null at the "
                    + "end. A page by `after` costs the same however deep it lies and neither repeats nor skips a record when new ones come in; "
                    + "one by `offset` is counted from the newest, and the deeper the slower."
            )
            .Produces<FirListAnswer>();
    }

    private static async Task AuthenticateAsync(
        HttpContext context,
        [FromServices] Exchange exchange,
        [FromServices] Registrar registrar,
        [FromServices] AuthKeyGate gate
    )
    {
        var body = await RequestReading.JsonAsync(context, WireJson.Wire.AuthenticateRequest);
        var firNumber = RequestReading.FirNumber(body.FirNumber);
        if (body.AuthKey.Length is < ServiceOptions.MinKeyLength or > ServiceOptions.MaxKeyLength)
        {
            throw new Refusal(
                RefusalKind.BadInput,
                $"auth_key: {ServiceOptions.MinKeyLength} to {ServiceOptions.MaxKeyLength} characters are wanted."
            );
        }

        var version = RequestReading.ExpectedVersion(context);
        // Before the idempotency key is looked at: a wrong key never gets an answer replayed.
        if (await gate.LetsInAsync(context, firNumber, body.AuthKey))
        {
            await exchange.Idempotency.RunAsync(
                context,
                firNumber,
                request => registrar.RegisterAsync(context, firNumber, version, request)
            );
        }
    }

    private static async Task GetAsync(
        HttpContext context,
        [FromRoute(Name = "fir_number")] string number,
        [FromServices] IRegistry registry
    )
    {
        var fir = await FindAsync(context, number, registry);
        var answer = new FirAnswer(fir.FirNumber, fir.Status, fir.CreatedAt, fir.FinalizedAt, fir.Registration?.Number);
        await context.Response.WriteAsJsonAsync(answer, WireJson.Wire.FirAnswer);
    }

    private static async Task GetContentAsync(
        HttpContext context,
        [FromRoute(Name = "fir_number")] string number,
        [FromServices] IRegistry registry,
        [FromServices] ReadAudit audit
    )
    {
        var fir = await FindAsync(context, number, registry);
        audit.Note(context, AuditActions.Read, fir.FirNumber);
        var answer = new FirContentAnswer(
            fir.FirNumber,
            fir.Status,
            fir.CreatedAt,
            fir.FinalizedAt,
            fir.Registration?.Number,
            fir.FirContent,
            fir.ComplaintText
        );
        await context.Response.WriteAsJsonAsync(answer, WireJson.Wire.FirContentAnswer);
    }

    private static async Task ListAsync(HttpContext context, [FromServices] IRegistry registry)
    {
        var limit = RequestReading.Number(context, "limit", DefaultLimit, 1, MaxLimit);
        var offset = RequestReading.Number(context, "offset", 0, 0, int.MaxValue);
        var records = Cursor(context) is { } after
            ? await registry.ListAfterAsync(after, limit, context.RequestAborted)
                ?? throw new Refusal(RefusalKind.NotFound, "after: there is no such FIR.")
            : await registry.ListAsync(limit, offset, context.RequestAborted);
        var next = records.Count == limit ? records[^1].FirNumber : null;
        await context.Response.WriteAsJsonAsync(
            new FirListAnswer(records, limit, offset, records.Count, next),
            WireJson.Wire.FirListAnswer
        );
    }

    /// <summary>The FIR number behind which the page begins; null for a page by offset.</summary>
    private static string? Cursor(HttpContext context)
    {
        var values = context.Request.Query["after"];
        if (values.Count == 0)
        {
            return null;
        }

        return values is [{ } after] && !context.Request.Query.ContainsKey("offset")
            ? RequestReading.FirNumber(after, "after")
            : throw new Refusal(RefusalKind.BadInput, "after: one FIR number is wanted, and no offset beside it.");
    }

    public static async Task<FirRecord> FindAsync(HttpContext context, string number, IRegistry registry) =>
        await registry.FindAsync(RequestReading.FirNumber(number), context.RequestAborted)
        ?? throw new Refusal(RefusalKind.NotFound, "FIR not found.");
}
