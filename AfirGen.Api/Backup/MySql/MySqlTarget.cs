using AfirGen.Api.Durability;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.MySql;
using AfirGen.Api.Sqlite;
using MySqlConnector;

namespace AfirGen.Api.Backup.MySql;

/// <summary>The configured <c>fir_db</c>, which must be empty.</summary>
internal sealed class MySqlTarget(
    FirdbConnections connections,
    FirdbAccounts accounts,
    CrashPoints crashPoints,
    ILoggerFactory loggerFactory
) : IRegistryTarget
{
    private readonly MySqlLoad _load = new(accounts.Migrator, crashPoints, loggerFactory);

    public string Kind => MySqlRegistry.KindName;

    public Task RequireEmptyAsync(bool again, CancellationToken cancellationToken) =>
        ReachAsync(async () =>
        {
            await using (await connections.OpenToWriteAsync(cancellationToken)) { } // nothing is restored to a server that would lose it (G7)
            if (!again && await _load.CountAsync(cancellationToken) > 0)
            {
                throw new BackupException(
                    BackupFault.Target,
                    "The database of firdb holds FIRs or serials. They may be all that is left of something: point firdb at an empty database, then restore."
                );
            }
        });

    public Task RestoreAsync(string file, Action<BackupProgress> progress, CancellationToken cancellationToken) =>
        ReachAsync(async () =>
        {
            using var source = new SqliteSession(CheckedSqliteConnection.Open(file, SqliteAccess.ReadOnly));
            // An earlier attempt may have come to its commit: then everything is there, and only that is accepted.
            if (await _load.CountAsync(cancellationToken) is null or 0)
            {
                await _load.LoadAsync(source, progress, cancellationToken);
            }

            await _load.RequireEqualAsync(source, cancellationToken);
        });

    private static async Task ReachAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is MySqlException or RegistryUnavailableException or StoreNotDurableException)
        {
            throw new BackupException(BackupFault.Failed, $"The registry cannot be restored: {e.Message}", e);
        }
    }
}

/// <summary>
/// Loads the registry of every backup into the scratch database of <c>firdb-trial</c>, which is dropped before and after. Without that
/// account the trial is SQLite's alone.
/// </summary>
internal sealed class MySqlTrial(FirdbAccounts accounts, CrashPoints crashPoints, ILoggerFactory loggerFactory) : IRegistryTrial
{
    private const string Lock = "afirgen.trial";
    private const int LockSeconds = 60;

    public async Task<string> RunAsync(string file, Action<BackupProgress> progress, CancellationToken cancellationToken)
    {
        if (accounts.Trial is not { } trial)
        {
            return "sqlite";
        }

        var database = new MySqlConnectionStringBuilder(trial).Database;
        try
        {
            await using var owner = new MySqlConnection(
                new MySqlConnectionStringBuilder(trial) { Database = "", Pooling = false }.ConnectionString
            );
            await owner.OpenAsync(cancellationToken);
            await RequireLockAsync(owner, cancellationToken);
            await ExecuteAsync(owner, $"DROP DATABASE IF EXISTS `{database}`; CREATE DATABASE `{database}` CHARACTER SET utf8mb4");
            try
            {
                using var source = new SqliteSession(CheckedSqliteConnection.Open(file, SqliteAccess.ReadOnly));
                var load = new MySqlLoad(trial, crashPoints, loggerFactory);
                await load.LoadAsync(source, progress, cancellationToken);
                await load.RequireEqualAsync(source, cancellationToken);
            }
            finally
            {
                await ExecuteAsync(owner, $"DROP DATABASE `{database}`");
            }

            return "sqlite and mysql";
        }
        catch (Exception e) when (e is MySqlException or RegistryUnavailableException)
        {
            throw new BackupException(BackupFault.Failed, $"The registry could not be restored for trial into {database}: {e.Message}", e);
        }
    }

    private static async Task RequireLockAsync(MySqlConnection owner, CancellationToken cancellationToken)
    {
        await using var take = new MySqlCommand("SELECT GET_LOCK(@name, @seconds)", owner) { CommandTimeout = LockSeconds * 2 };
        take.Parameters.AddWithValue("@name", Lock);
        take.Parameters.AddWithValue("@seconds", LockSeconds);
        if (await take.ExecuteScalarAsync(cancellationToken) is not (1L or 1))
        {
            throw new BackupException(BackupFault.Failed, "Another restore for trial is under way on this MySQL.");
        }
    }

    private static async Task ExecuteAsync(MySqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // the name of the database has been checked at the start
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = LockSeconds };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
