using System.Data.Common;
using AfirGen.Api.Durability;
using FluentMigrator.Runner;
using FluentMigrator.Runner.Initialization;
using FluentMigrator.Runner.Processors.SQLite;
using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Sqlite;

/// <summary>
/// Brings a store to the newest schema. Forward only; each migration and its version row commit together, so a crash in the middle
/// leaves the old version and the next start runs it again. The caller holds the data folder's lock.
/// </summary>
internal static class Migrations
{
    /// <param name="store">Tag of the migrations that belong to this store.</param>
    /// <param name="upTo">The last one that runs, for a file as an older build left it.</param>
    public static void Run(string path, string store, CrashPoints crashPoints, ILoggerFactory loggerFactory, long upTo = long.MaxValue)
    {
        using var services = new ServiceCollection()
            .AddSingleton(loggerFactory)
            .AddLogging()
            .AddSingleton(crashPoints)
            .AddFluentMigratorCore()
            .ConfigureRunner(runner =>
                runner.AddSQLite().WithGlobalConnectionString($"Data Source={path}").ScanIn(typeof(Migrations).Assembly).For.Migrations()
            )
            .AddScoped<SQLiteDbFactory>(provider => new CheckedFactory(provider, path))
            .Configure<RunnerOptions>(options =>
            {
                options.Tags = [store];
                options.IncludeUntaggedMigrations = false;
            })
            .BuildServiceProvider();
        using var scope = services.CreateScope();
        scope.ServiceProvider.GetRequiredService<IMigrationRunner>().MigrateUp(upTo);
    }

    private sealed class CheckedFactory(IServiceProvider services, string path) : SQLiteDbFactory(services)
    {
        protected override DbProviderFactory CreateFactory() => new Provider(path);
    }

    private sealed class Provider(string path) : DbProviderFactory
    {
        public override DbConnection CreateConnection() => CheckedSqliteConnection.Closed(path, SqliteAccess.ReadWrite);

        public override DbCommand CreateCommand() => SqliteFactory.Instance.CreateCommand();
    }
}
