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

    // Every write is an explicit transaction whatever autocommit is. It is on for the reads: with the server's 0 each SELECT would leave a
    // transaction open on an idle connection of the pool, and with it a lock that keeps every later migration waiting.
    private static readonly string OpenSession =
        $"SET SESSION autocommit = 1, transaction_isolation = 'READ-COMMITTED', sql_mode = '{StrictMode}', wait_timeout = {SessionIdleSeconds}, "
        + $"innodb_lock_wait_timeout = {LockWaitSeconds}, lock_wait_timeout = {LockWaitSeconds}, time_zone = '+00:00'";

    private static readonly string OpenSessionToWrite = $"{OpenSession}; SELECT @@GLOBAL.read_only, {ServerSettings.LiveColumns}";

    /// <exception cref="MySqlException">No connection.</exception>
    public Task<MySqlConnection> OpenToReadAsync(CancellationToken cancellationToken) => OpenAsync(OpenSession, null, cancellationToken);

    /// <exception cref="MySqlException">No connection.</exception>
    /// <exception cref="StoreNotDurableException">The server would not keep what it commits.</exception>
    /// <exception cref="RegistryUnavailableException">The server is read-only.</exception>
    public Task<MySqlConnection> OpenToWriteAsync(CancellationToken cancellationToken) =>
        OpenAsync(OpenSessionToWrite, RequireDurable, cancellationToken);

    /// <param name="check">Looks at what <paramref name="session"/> returns; null when it returns nothing.</param>
    private async Task<MySqlConnection> OpenAsync(string session, Action<MySqlDataReader>? check, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
#pragma warning disable CA2100 // one of the two constants above
            await using var command = new MySqlCommand(session, connection);
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (check is not null)
            {
                await reader.ReadAsync(cancellationToken);
                check(reader);
            }

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
        // Every time, not only when the connection is new: the pool replaces a lost connection without telling anybody, and what answers
        // then may have been started with other flags, or be another server.
        if (ServerSettings.FindWrong(row, first: 1) is { } wrong)
        {
            throw new StoreNotDurableException(
                $"MySQL is not configured durably: {wrong.Name} is {wrong.Found}, wanted {wrong.Wanted}. {wrong.Remedy}"
            );
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
