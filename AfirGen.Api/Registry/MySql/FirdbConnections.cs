using AfirGen.Api.Durability;
using AfirGen.Api.Sqlite;
using MySqlConnector;

namespace AfirGen.Api.Registry.MySql;

/// <summary>
/// The only place that opens the registry's connections. Each one gets the session settings that the guarantee needs, and one that
/// is to write is given out only while the server is durable and writable: no transaction ever starts on a server that would lose it (G7).
/// </summary>
internal sealed class FirdbConnections(MySqlDataSource source)
{
    public const string StrictMode = "STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

    /// <summary>Seconds. A session whose client is gone without a trace is ended by the server, and its locks with it.</summary>
    private const int SessionIdleSeconds = 60;

    /// <summary>Seconds, well below the command timeout: a wait for a lock ends with an answer, not with a cut connection.</summary>
    private const int LockWaitSeconds = 2;

    private static readonly MySqlFlag[] Watched = [.. MySqlFlags.All.Where(flag => flag.ChangesAtRuntime)];

    // Every write is an explicit transaction whatever autocommit is. It is on for the reads: with the server's 0 each SELECT would leave a
    // transaction open on an idle connection of the pool, and with it a lock that keeps every later migration waiting.
    private static readonly string OpenSession =
        $"SET SESSION autocommit = 1, transaction_isolation = 'READ-COMMITTED', sql_mode = '{StrictMode}', wait_timeout = {SessionIdleSeconds}, "
        + $"innodb_lock_wait_timeout = {LockWaitSeconds}, lock_wait_timeout = {LockWaitSeconds}, time_zone = '+00:00'; "
        + $"SELECT @@GLOBAL.read_only, {string.Join(", ", Watched.Select(flag => $"@@GLOBAL.{flag.Variable}"))}";

    /// <exception cref="MySqlException">No connection.</exception>
    public Task<MySqlConnection> OpenToReadAsync(CancellationToken cancellationToken) => OpenAsync(_ => { }, cancellationToken);

    /// <exception cref="MySqlException">No connection.</exception>
    /// <exception cref="StoreNotDurableException">The server would not keep what it commits.</exception>
    /// <exception cref="RegistryUnavailableException">The server is read-only.</exception>
    public Task<MySqlConnection> OpenToWriteAsync(CancellationToken cancellationToken) => OpenAsync(RequireDurable, cancellationToken);

    private async Task<MySqlConnection> OpenAsync(Action<MySqlDataReader> check, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new MySqlCommand(OpenSession, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            check(reader);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static void RequireDurable(MySqlDataReader row)
    {
        for (var i = 0; i < Watched.Length; i++)
        {
            var found = Convert.ToString(row.GetValue(i + 1), System.Globalization.CultureInfo.InvariantCulture)!;
            if (!Watched[i].Accepts(found) && !Mutations.Has(Mutations.GuardBlind))
            {
                throw new StoreNotDurableException(
                    $"MySQL is not configured durably: {Watched[i].Variable} is {found}, wanted {Watched[i].Value}. {ServerSettings.RemedyFor(Watched[i])}"
                );
            }
        }

        if (row.GetInt64(0) != 0)
        {
            throw new RegistryUnavailableException(
                "MySQL is read-only (read_only=ON): a replica, or a primary being maintained. Point firdb at the primary.",
                outcomeUnknown: false
            );
        }
    }
}
