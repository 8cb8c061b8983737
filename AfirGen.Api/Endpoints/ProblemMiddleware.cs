namespace AfirGen.Api.Endpoints;

/// <summary>Every error leaves as problem+json: no stack trace, no text of a complaint.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response is { StatusCode: >= 400, ContentLength: null, ContentType: null })
            {
                await Problems.WriteAsync(context, ForEmpty(context.Response.StatusCode));
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var problem = Problems.For(e);
            if (problem is null)
            {
                logger.LogError(e, "{Method} {Path} failed", context.Request.Method, context.GetEndpoint()?.DisplayName);
                problem = Problems.Problem(500, "internal", "Something went wrong here. The operator finds it in the log by the traceId.");
            }

            await Problems.WriteAsync(context, problem);
        }
    }

    private static Microsoft.AspNetCore.Mvc.ProblemDetails ForEmpty(int status) =>
        status switch
        {
            404 => Problems.Problem(404, "not-found", "There is nothing at this path."),
            405 => Problems.Problem(
                405,
                "method-not-allowed",
                "This path does not take this method; the Allow header says which it takes."
            ),
            415 => Problems.Problem(
                415,
                "unsupported-media",
                "Content-Type: application/json is wanted; POST /process also takes multipart/form-data and application/x-www-form-urlencoded."
            ),
            _ => Problems.Problem(status, "http", "The request cannot be served."),
        };
}
