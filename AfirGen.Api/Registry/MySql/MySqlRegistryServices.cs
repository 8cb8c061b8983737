using MySqlConnector;

namespace AfirGen.Api.Registry.MySql;

internal static class MySqlRegistryServices
{
    public static void AddMySqlRegistry(this WebApplicationBuilder builder)
    {
        builder.AddFirdbDataSource();
        builder
            .Services.AddSingleton(provider => new FirdbConnections(provider.GetRequiredService<MySqlDataSource>()))
            .AddSingleton(
                new FirdbAccounts(
                    Account(builder, FirdbConnectionString.MigratorName),
                    Account(builder, FirdbConnectionString.FlushName),
                    builder.Configuration.GetConnectionString(FirdbConnectionString.TrialName) is { Length: > 0 } trial
                        ? FirdbConnectionString.Harden(trial)
                        : null
                )
            )
            .AddSingleton<IRegistry, MySqlRegistry>();
    }

    private static string Account(WebApplicationBuilder builder, string name) =>
        FirdbConnectionString.Harden(
            builder.Configuration.GetConnectionString(name) ?? builder.Configuration.GetConnectionString(FirdbConnectionString.Name)!
        );
}

/// <summary>Hardened connection strings of the accounts beside the registry's own.</summary>
/// <param name="Trial">Null when none is configured.</param>
internal sealed record FirdbAccounts(string Migrator, string Flush, string? Trial = null);
