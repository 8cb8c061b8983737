using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AfirGen.ServiceDefaults.Draining;

/// <summary>
/// Admits and counts requests, refuses them while draining, and hands each admitted one a <see cref="HttpContext.RequestAborted"/> that
/// also ends at the drain deadline.
/// </summary>
internal sealed class DrainMiddleware(
    RequestDelegate next,
    InFlightRequests inFlight,
    DrainSignal signal,
    DrainProblems problems,
    DrainMetrics metrics,
    ILogger<DrainMiddleware> log
)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<AllowWhileDrainingAttribute>() is not null)
        {
            await next(context);
            return;
        }

        if (!inFlight.TryEnter())
        {
            // Outside of the try below: who was not counted in must not be counted out (D-22).
            metrics.Refused();
            await problems.RefuseAsync(context);
            return;
        }

        try
        {
            await RunAsync(context);
        }
        finally
        {
            inFlight.Exit();
        }
    }

    private async Task RunAsync(HttpContext context)
    {
        // Read after admission: a resume renews the deadline before it opens the door.
        var deadline = signal.Deadline;
        var clientAborted = context.RequestAborted;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(clientAborted, deadline);
        await using var note = deadline.UnsafeRegister(Note, context);
        context.RequestAborted = linked.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException)
            when (deadline.IsCancellationRequested && !clientAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            context.RequestAborted = clientAborted;
            await problems.CancelledAsync(context);
        }
        finally
        {
            // What runs after us must not meet a token whose source is disposed.
            context.RequestAborted = clientAborted;
        }
    }

    // Names every request that outlasts the drain, also one that ignores its cancellation (D-25).
    private void Note(object? state)
    {
        var context = (HttpContext)state!;
        log.Unfinished(context.Request.Method, context.Request.Path.Value ?? "", context.TraceIdentifier);
    }
}
