using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of this solution has: telemetry, health checks, service discovery, resilient HTTP clients.</summary>
public static class Extensions
{
    /// <summary>Readiness path. The default endpoints map it only when asked, for a service may have an answer of its own.</summary>
    public const string HealthPath = "/health";

    /// <summary>Liveness path: the process runs, whatever its dependencies do.</summary>
    public const string AlivePath = "/alive";

    private const string LiveTag = "live";
    private const string TelemetryNames = "AfirGen.*";

    /// <summary>
    /// Adds logs, metrics and traces, health checks, service discovery, and for each HttpClient the standard resilience pipeline.
    /// Traces and OTLP export start when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; the Prometheus exporter is registered and waits to be mapped.
    /// </summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddConsoleLogs();
        builder.ConfigureOpenTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            // A POST that got no answer may have had its effect: only its caller, who holds the idempotency key, may repeat it.
            http.AddStandardResilienceHandler(options => options.Retry.DisableForUnsafeHttpMethods());
            http.AddServiceDiscovery();
        });
        return builder;
    }

    /// <summary>Adds OpenTelemetry logs, metrics and traces; meters and activity sources named <c>AfirGen.*</c> are included.</summary>
    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        var telemetry = builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddMeter(TelemetryNames)
                    .AddPrometheusExporter()
            );

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            // Spans are made only where they go somewhere: each would cost its request all of its attributes.
            telemetry
                .WithTracing(tracing =>
                    tracing
                        .AddSource(builder.Environment.ApplicationName)
                        .AddSource(TelemetryNames)
                        .AddAspNetCoreInstrumentation(options => options.Filter = IsWorthATrace)
                        .AddHttpClientInstrumentation()
                )
                .UseOtlpExporter();
        }

        return builder;
    }

    /// <summary>
    /// Maps <see cref="AlivePath"/> (only checks tagged "live"), and <see cref="HealthPath"/> (all checks) when <paramref name="mapHealth"/>
    /// is true. Both answer to everybody in every environment, also while the service drains.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app, bool mapHealth = false)
    {
        app.MapHealthChecks(AlivePath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) })
            .AllowWhileDraining()
            .AllowAnonymous();
        if (mapHealth)
        {
            app.MapHealthChecks(HealthPath).AllowWhileDraining().AllowAnonymous();
        }

        return app;
    }

    private static bool IsWorthATrace(HttpContext context) =>
        !context.Request.Path.StartsWithSegments(HealthPath, StringComparison.OrdinalIgnoreCase)
        && !context.Request.Path.StartsWithSegments(AlivePath, StringComparison.OrdinalIgnoreCase);
}
