using AfirGen.Api.Durability;
using AfirGen.ServiceDefaults.Draining;

namespace AfirGen.Api.Endpoints;

/// <summary>Takes no request before the stores are open and checked (G7); what answers while draining answers before that too.</summary>
internal sealed class ReadinessMiddleware(RequestDelegate next, ServiceReadiness readiness)
{
    public Task InvokeAsync(HttpContext context) =>
        readiness.Reason is not { } reason || context.GetEndpoint()?.Metadata.GetMetadata<AllowWhileDrainingAttribute>() is not null
            ? next(context)
            : Problems.WriteAsync(
                context,
                Problems.Problem(503, "not-ready", $"The service is not ready: {reason}. Nothing happened; try again.")
            );
}
