#if !USE_ASPIRE
using MySqlConnector;
#endif

namespace AfirGen.Api.Registry.MySql;

/// <summary>Where the registry's <c>MySqlDataSource</c> comes from: Aspire's integration, or the plain driver.</summary>
internal static class FirdbDataSource
{
    public static void AddFirdbDataSource(this WebApplicationBuilder builder)
    {
#if USE_ASPIRE
        builder.AddMySqlDataSource(
            FirdbConnectionString.Name,
            settings =>
            {
                settings.ConnectionString = FirdbConnectionString.Harden(settings.ConnectionString!);
                settings.DisableHealthChecks = true; // /health answers from the last probe and never waits for a store
            }
        );
#else
        builder.Services.AddSingleton(provider =>
            new MySqlDataSourceBuilder(FirdbConnectionString.Harden(builder.Configuration.GetConnectionString(FirdbConnectionString.Name)!))
                .UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>())
                .Build()
        );
        builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("MySqlConnector"))
            .WithTracing(traces => traces.AddSource("MySqlConnector"));
#endif
    }
}
