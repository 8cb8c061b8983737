using System.Text.Json;
using AfirGen.Api.Access;
using AfirGen.Api.Audit;
using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Forwarding;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Endpoints;

/// <summary>Complaint in, five reviewed steps.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Drafting").ProducesProblems();
        group
            .MapPost("/process", ProcessAsync)
            .WithSummary("Take a complaint in: exactly one of text, image, audio")
            .Accepts<ProcessRequest>("multipart/form-data", "application/x-www-form-urlencoded", "application/json")
            .Produces<ProcessAnswer>()
            .RequireRole(Role.Officer)
            .DisableAntiforgery();
        group
            .MapPost("/validate", ValidateAsync)
            .WithSummary("Approve the step under review, or correct it: user_input in words, fields of the form by name")
            .Accepts<ValidateRequest>("application/json")
            .Produces<ValidateAnswer>()
            .RequireRole(Role.Officer);
        group
            .MapPost("/regenerate/{session_id}", RegenerateAsync)
            .WithSummary("Draft a step again; step and user_input in the query or in a JSON body")
            .Accepts<RegenerateRequest>(isOptional: true, "application/json")
            .Produces<RegenerateAnswer>()
            .RequireRole(Role.Officer);
        group.MapGet("/session/{session_id}/status", StatusAsync).WithSummary("Where a session stands").Produces<SessionStatusAnswer>();
        group
            .MapPost("/session/{session_id}/resume", ResumeAsync)
            .WithSummary("Bring an expired session back")
            .Produces<SessionStatusAnswer>()
            .RequireRole(Role.Officer);
    }

    private static async Task ProcessAsync(
        HttpContext context,
        [FromServices] Exchange exchange,
        [FromServices] Intake intake,
        [FromServices] UploadSlots uploads
    )
    {
        using var slot = uploads.Take(context.Request);
        var form = await ComplaintFormReader.ReadAsync(context);
        await exchange.Idempotency.RunAsync(
            context,
            form.Fingerprint,
            async request =>
            {
                var answer = exchange.Answer(
                    context,
                    AuditActions.Process,
                    request.Scope,
                    StepContents.Processed,
                    WireJson.Wire.ProcessAnswer
                );
                if (form.Text is not null)
                {
                    await exchange.SendAsync(context, answer, await intake.TakeTextAsync(form.Text, answer, context.RequestAborted));
                    return;
                }

                var stored = await StoredUploadAsync(context, exchange, intake, form, request);
                if (stored.OriginalText is null)
                {
                    await exchange.SendAsync(context, answer, await intake.ReadUploadAsync(stored, answer, context.RequestAborted));
                    return;
                }

                // Read meanwhile by POST /regenerate: the first request's answer is what the session says now.
                await exchange.RecordAsync(answer, stored, context.RequestAborted);
                await exchange.SendAsync(context, answer, new(stored, null));
            }
        );
    }

    /// <summary>The session that holds the upload: of an earlier attempt with the same key, or a new one.</summary>
    private static async Task<SessionState> StoredUploadAsync(
        HttpContext context,
        Exchange exchange,
        Intake intake,
        ComplaintForm form,
        IdempotentRequest request
    )
    {
        if (request.Claimed?.SessionId is { } claimed)
        {
            return (await exchange.Sessions.FindAsync(claimed, context.RequestAborted))!;
        }

        var claim = exchange.Claim(context, AuditActions.Process, request.Scope);
        var committed = await intake.TakeUploadAsync(
            form.Source,
            form.ContentType!,
            form.FileName!,
            form.Bytes!,
            claim,
            context.RequestAborted
        );
        return committed.Session;
    }

    private static async Task ValidateAsync(HttpContext context, [FromServices] Exchange exchange, [FromServices] Review review)
    {
        var body = await RequestReading.JsonAsync(context, WireJson.Wire.ValidateRequest);
        var decision = new ReviewDecision(
            RequestReading.SessionId(body.SessionId),
            body.Approved,
            RequestReading.UserInput(body.UserInput),
            body.Regenerate,
            body.Step is null ? null : RequestReading.Step(body.Step),
            RequestReading.ExpectedVersion(context)
        )
        {
            Fields = RequestReading.Fields(body.Fields),
        };
        await exchange.Idempotency.RunAsync(
            context,
            Fingerprint(decision),
            async request =>
            {
                var answer = exchange.Answer(
                    context,
                    decision.Approved ? AuditActions.Approve : AuditActions.Correct,
                    request.Scope,
                    session => StepContents.Validated(session, decision),
                    WireJson.Wire.ValidateAnswer
                );
                await exchange.SendAsync(context, answer, await review.DecideAsync(decision, answer, context.RequestAborted));
            }
        );
    }

    /// <summary>What tells two requests apart (G3).</summary>
    private static string Fingerprint(ReviewDecision decision) =>
        $"{decision.SessionId}\n{decision.Approved}\n{decision.Regenerate}\n{decision.Step}\n{decision.ExpectedVersion}\n"
        + JsonSerializer.Serialize(decision.Fields.ToDictionary(f => f.Key, f => f.Value), WireJson.Wire.DictionaryStringString)
        + $"\n{decision.UserInput}";

    private static async Task RegenerateAsync(
        HttpContext context,
        [FromRoute(Name = "session_id")] string id,
        [FromServices] Exchange exchange,
        [FromServices] Review review
    )
    {
        var sessionId = RequestReading.SessionId(id);
        var (step, userInput) = await ReadRegenerateAsync(context);
        var version = RequestReading.ExpectedVersion(context);
        await exchange.Idempotency.RunAsync(
            context,
            $"{step}\n{version}\n{userInput}",
            async request =>
            {
                var answer = exchange.Answer(
                    context,
                    AuditActions.Regenerate,
                    request.Scope,
                    session => StepContents.Regenerated(session, step),
                    WireJson.Wire.RegenerateAnswer
                );
                await exchange.SendAsync(
                    context,
                    answer,
                    await review.RegenerateAsync(sessionId, step, userInput, version, answer, context.RequestAborted)
                );
            }
        );
    }

    private static async Task<(ReviewStep Step, string? UserInput)> ReadRegenerateAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (query.Keys.FirstOrDefault(key => key is not ("step" or "user_input")) is { } unknown)
        {
            throw new Refusal(RefusalKind.BadInput, $"query: '{unknown}' is unknown; step and user_input are taken.");
        }

        var body = context.Request.HasJsonContentType()
            ? await RequestReading.JsonAsync(context, WireJson.Wire.RegenerateRequest)
            : new RegenerateRequest();
        var step =
            Single("step", query["step"], body.Step)
            ?? throw new Refusal(RefusalKind.BadInput, "step: is missing; name the step to draft again.");
        return (RequestReading.Step(step), RequestReading.UserInput(Single("user_input", query["user_input"], body.UserInput)));
    }

    /// <summary>What is sent twice is refused: dropping one of two would lose what the officer wrote.</summary>
    private static string? Single(string name, IEnumerable<string?> query, string? body)
    {
        string[] given = [.. query.Append(body).OfType<string>()];
        return given.Length <= 1
            ? given.SingleOrDefault()
            : throw new Refusal(
                RefusalKind.BadInput,
                $"{name}: is there {given.Length} times, in the query or in the body; once is wanted."
            );
    }

    private static async Task StatusAsync(
        HttpContext context,
        [FromRoute(Name = "session_id")] string id,
        [FromServices] Exchange exchange,
        [FromServices] Review review,
        [FromServices] ReadAudit audit
    )
    {
        var session =
            await exchange.Sessions.FindAsync(RequestReading.SessionId(id), context.RequestAborted)
            ?? throw new Refusal(RefusalKind.NotFound, "Session not found.");
        audit.NotePoll(context, session.FirNumber);
        context.Response.Headers.ETag = RequestReading.ETag(session);
        var shown = review.IsIdle(session) ? session with { Status = SessionStatus.Expired } : session;
        await context.Response.WriteAsJsonAsync(StepContents.Status(shown), WireJson.Wire.SessionStatusAnswer);
    }

    private static async Task ResumeAsync(
        HttpContext context,
        [FromRoute(Name = "session_id")] string id,
        [FromServices] Exchange exchange,
        [FromServices] Review review
    )
    {
        var sessionId = RequestReading.SessionId(id);
        await exchange.Idempotency.RunAsync(
            context,
            "",
            async request =>
            {
                var answer = exchange.Answer(
                    context,
                    AuditActions.ResumeSession,
                    request.Scope,
                    StepContents.Status,
                    WireJson.Wire.SessionStatusAnswer
                );
                await exchange.SendAsync(context, answer, await review.ResumeAsync(sessionId, answer, context.RequestAborted));
            }
        );
    }
}
