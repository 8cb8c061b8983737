using System.Data.Common;
using AfirGen.Api.Durability;
using AfirGen.Api.Sqlite;
using FluentMigrator.Runner;
using FluentMigrator.Runner.Initialization;
using FluentMigrator.Runner.Processors.MySql;
using MySqlConnector;

namespace AfirGen.Api.Registry.MySql;

/// <summary>
/// Brings <c>fir_db</c> to the newest schema, forward only, one process at a time. The server's autocommit may be 0: each migration and its
/// version row are in an explicit transaction that the runner commits.
/// </summary>
internal static class MySqlMigrations
{
    public const string Tag = "mysql_registry";
    private const string Lock = "afirgen.migrations";
    private const int LockSeconds = 4; // below the command timeout

    /// <param name="connectionString">Of the account that may change the schema.</param>
    /// <exception cref="RegistryUnavailableException">Another process migrates right now, or a newer version has.</exception>
    public static async Task RunAsync(
        string connectionString,
        CrashPoints crashPoints,
        ILoggerFactory loggerFactory,
        CancellationToken cancellationToken
    )
    {
        // A lock belongs to its connection, so it goes with the process however that ends.
        await using var guard = new MySqlConnection(Unpooled(connectionString));
        await guard.OpenAsync(cancellationToken);
        await using var take = new MySqlCommand("SELECT GET_LOCK(CONCAT(DATABASE(), '.', @name), @seconds)", guard);
        take.Parameters.AddWithValue("@name", Lock);
        take.Parameters.AddWithValue("@seconds", LockSeconds);
        if (await take.ExecuteScalarAsync(cancellationToken) is not (1L or 1))
        {
            throw new RegistryUnavailableException("Another process is migrating the registry.", outcomeUnknown: false);
        }

        Migrate(connectionString, crashPoints, loggerFactory);
    }

    private static void Migrate(string connectionString, CrashPoints crashPoints, ILoggerFactory loggerFactory)
    {
        using var services = new ServiceCollection()
            .AddSingleton(loggerFactory)
            .AddLogging()
            .AddSingleton(crashPoints)
            .AddFluentMigratorCore()
            .ConfigureRunner(runner =>
                runner
                    .AddMySql8()
                    .WithGlobalConnectionString(Unpooled(connectionString))
                    .ScanIn(typeof(MySqlMigrations).Assembly)
                    .For.Migrations()
            )
            .AddScoped<MySqlDbFactory, DriverFactory>()
            .Configure<RunnerOptions>(options =>
            {
                options.Tags = [Tag];
                options.IncludeUntaggedMigrations = false;
            })
            .BuildServiceProvider();
        using var scope = services.CreateScope();
        if (SchemaVersion.Unknown(scope.ServiceProvider) is { } newer)
        {
            // Others may share the database: while they are upgraded this service goes on from its journal.
            throw new RegistryUnavailableException(
                $"The registry was written by a newer version of AfirGen (schema {newer}). Upgrade this service; what it takes in meanwhile is delivered then.",
                outcomeUnknown: false
            );
        }

        scope.ServiceProvider.GetRequiredService<IMigrationRunner>().MigrateUp();
    }

    private static string Unpooled(string connectionString) =>
        new MySqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    /// <summary>The runner would look for a driver by reflection.</summary>
    private sealed class DriverFactory(IServiceProvider services) : MySqlDbFactory(services)
    {
        protected override DbProviderFactory CreateFactory() => MySqlConnectorFactory.Instance;
    }
}
