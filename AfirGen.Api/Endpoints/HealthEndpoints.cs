using AfirGen.Api.Drafting.Statutes;
using AfirGen.Api.Durability;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Reliability;
using AfirGen.ServiceDefaults.Draining;
using Microsoft.AspNetCore.Mvc;

namespace AfirGen.Api.Endpoints;

/// <summary>Readiness and the durability report. Both answer at once from what is known; neither waits for a store that hangs.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Health");
        group
            .MapGet("/health", Health)
            .WithSummary("Readiness: 503 while not ready")
            .WithMetadata(new PublicEndpoint())
            .AllowWhileDraining();
        group
            .MapGet("/durability", DurabilityAsync)
            .WithSummary("The settings that the guarantee needs, wanted and found")
            .AllowWhileDraining();
    }

    private static IResult Health(
        [FromServices] ServiceReadiness readiness,
        [FromServices] DrainCoordinator drain,
        [FromServices] RegistryLink link,
        [FromServices] IRegistry registry,
        [FromServices] ReliabilityReport reliability,
        [FromServices] HealthReasons reasons,
        [FromServices] StatuteIndex statutes
    )
    {
        var draining = drain.Status.State != DrainState.Serving;
        var ready = readiness.IsReady && !draining;
        string[] found = draining ? ["draining", .. reasons.Read()] : [.. reasons.Read()];
        return Results.Json(
            new
            {
                status = !ready ? "unhealthy"
                : found.Length == 0 ? "healthy"
                : "degraded",
                database = link.State.Connected ? "connected" : "disconnected",
                session_persistence = "sqlite",
                ready,
                reasons = found,
                registry = registry.Kind,
                statute_sections = statutes.SectionCount,
                reliability = new
                {
                    circuit_breakers = reliability.Breakers(),
                    graceful_shutdown = reliability.GracefulShutdown(),
                    health_monitor = reliability.Monitor(),
                },
            },
            OperatorJson.Options,
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
        );
    }

    private static async Task<IResult> DurabilityAsync(HttpContext context, [FromServices] DurabilityReport report) =>
        Results.Json(await report.ReadAsync(context.RequestAborted), OperatorJson.Options);
}
