using AfirGen.Api.Durability;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.ServiceDefaults.Draining;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace AfirGen.Api.Endpoints;

/// <summary>Prometheus text; a short JSON overview when asked for with <c>Accept: application/json</c>.</summary>
internal static class MetricsEndpoints
{
    private const string Path = "/metrics";

    public static void MapMetrics(this WebApplication app)
    {
        app.MapGet(Path, JsonAsync).WithTags("Health").WithSummary("Metrics: Prometheus text, or JSON by Accept").AllowWhileDraining();
    }

    /// <summary>Behind authentication, in front of the endpoints.</summary>
    public static void UsePrometheus(this IApplicationBuilder app) =>
        app.UseOpenTelemetryPrometheusScrapingEndpoint(context => context.Request.Path == Path && !WantsJson(context.Request));

    private static bool WantsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(type => type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase));

    private static async Task<IResult> JsonAsync(
        HttpContext context,
        [FromServices] JournalStore journal,
        [FromServices] DrainCoordinator drain,
        [FromServices] Scrubber scrubber,
        [FromServices] TimeProvider clock
    )
    {
        var now = clock.GetUtcNow();
        var sessions = await journal.ReadAsync(
            db => SessionTables.CountByStatus(db, JournalStore.Stamp(now.AddHours(-1))),
            context.RequestAborted
        );
        var backlog = await journal.ReadAsync(OutboxTable.Backlog, context.RequestAborted);
        return Results.Json(
            new
            {
                timestamp = now,
                sessions = new { recent_hour = sessions },
                outbox = new { backlog.Depth, age_seconds = ForwardingMetrics.Age(backlog, now).TotalSeconds },
                requests = new { in_flight = drain.Status.InFlight, state = drain.Status.State },
                acknowledged_missing = scrubber.Missing,
            },
            OperatorJson.Options
        );
    }
}
