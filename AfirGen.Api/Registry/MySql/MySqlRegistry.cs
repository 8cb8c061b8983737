using AfirGen.Api.Durability;
using AfirGen.Api.Registry.Ledger;
using AfirGen.Api.Sqlite;
using MySqlConnector;

namespace AfirGen.Api.Registry.MySql;

/// <summary>The registry in MySQL's <c>fir_db</c>. Transactions are always explicit: the server's autocommit may be 0 or 1.</summary>
internal sealed class MySqlRegistry(
    FirdbConnections connections,
    FirdbAccounts accounts,
    CrashPoints crashPoints,
    TimeProvider clock,
    ILoggerFactory loggerFactory
) : IRegistry
{
    private readonly ILogger _logger = loggerFactory.CreateLogger<MySqlRegistry>();
    private readonly MySqlDelivery _delivery = new(connections, crashPoints, clock, loggerFactory.CreateLogger<MySqlDelivery>());

    public const string KindName = "mysql";

    public string Kind => KindName;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ProbeServerAsync(cancellationToken); // nothing is created on a server that would lose it (G7)
            await MySqlMigrations.RunAsync(accounts.Migrator, crashPoints, loggerFactory, cancellationToken);
            await ProbeAsync(cancellationToken);
        }
        catch (Exception e) when (e is not (RegistryUnavailableException or OperationCanceledException))
        {
            // Called until it succeeds: whatever is wrong is said, and can be mended while the service goes on from the journal.
            if (!MySqlFailure.IsUnavailable(e))
            {
                _logger.LogError(e, "The registry cannot be opened");
            }

            throw MySqlFailure.Unavailable(
                e is MySqlException or StoreNotDurableException ? e : e.GetBaseException(),
                outcomeUnknown: false
            );
        }
    }

    public async Task<IReadOnlyList<DeliveryOutcome>> DeliverAsync(
        IReadOnlyList<RegistryChange> changes,
        CancellationToken cancellationToken
    ) => changes.Count == 0 ? [] : await _delivery.DeliverAsync(changes, cancellationToken);

    public Task<FirRecord?> FindAsync(string firNumber, CancellationToken cancellationToken) =>
        ReadAsync(connection => RecordReads.FindAsync(connection, firNumber, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<FirListing>> ListAsync(int limit, int offset, CancellationToken cancellationToken) =>
        ReadAsync(connection => RecordReads.ListAsync(connection, limit, offset, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<FirListing>?> ListAfterAsync(string firNumber, int limit, CancellationToken cancellationToken) =>
        ReadAsync(connection => RecordReads.ListAfterAsync(connection, firNumber, limit, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<FirFound>> SearchAsync(FirSearch search, int limit, int offset, CancellationToken cancellationToken) =>
        ReadAsync(connection => RecordReads.SearchAsync(connection, search, limit, offset, cancellationToken), cancellationToken);

    public async Task<IReadOnlyDictionary<string, string>> StatusesAsync(
        IReadOnlyList<string> firNumbers,
        CancellationToken cancellationToken
    ) =>
        firNumbers.Count == 0
            ? new Dictionary<string, string>()
            : await ReadAsync(connection => RecordReads.StatusesAsync(connection, firNumbers, cancellationToken), cancellationToken);

    public Task<LedgerPage> ReadLedgerAsync(long afterPosition, int count, CancellationToken cancellationToken) =>
        ReadAsync(connection => LedgerPages.ReadAsync(connection, afterPosition, count, cancellationToken), cancellationToken);

    /// <summary>Whether a delivery could succeed now: reachable, durable, writable, and the tables are there.</summary>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connections.OpenToWriteAsync(cancellationToken);
            await using var command = new MySqlCommand("SELECT position FROM ledger_head WHERE id = 1", connection);
            await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (Exception e) when (MySqlFailure.IsUnavailable(e))
        {
            throw MySqlFailure.Unavailable(e, outcomeUnknown: false);
        }
    }

    /// <summary>
    /// As the seed does at a stop. InnoDB needs none of it: the guarantee is the commit. A command of its own outside any transaction, since
    /// FLUSH commits what is open.
    /// </summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new MySqlConnection(accounts.Flush);
            await connection.OpenAsync(cancellationToken);
            await using var command = new MySqlCommand("FLUSH LOCAL TABLES", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (MySqlException e) when (MySqlFailure.IsMissingPrivilege(e))
        {
            _logger.LogWarning(
                "FLUSH TABLES was left out: the account of firdb-flush may not. Every acknowledged change is on disk without it. GRANT FLUSH_TABLES ON *.* to have it"
            );
        }
        catch (MySqlException e)
        {
            throw MySqlFailure.Unavailable(e, outcomeUnknown: false);
        }
    }

    public Task<IReadOnlyList<DurabilitySetting>> ReadSettingsAsync(CancellationToken cancellationToken) =>
        ReadAsync(connection => ServerSettings.ReadAsync(connection, cancellationToken), cancellationToken);

    private async Task ProbeServerAsync(CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenToWriteAsync(cancellationToken);
    }

    private async Task<T> ReadAsync<T>(Func<MySqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connections.OpenToReadAsync(cancellationToken);
            return await read(connection);
        }
        catch (Exception e) when (MySqlFailure.IsUnavailable(e))
        {
            throw MySqlFailure.Unavailable(e, outcomeUnknown: false);
        }
    }
}
