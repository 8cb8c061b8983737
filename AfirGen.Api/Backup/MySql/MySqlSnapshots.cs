using AfirGen.Api.Durability;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Api.Registry.MySql;
using AfirGen.Api.Sqlite;
using MySqlConnector;

namespace AfirGen.Api.Backup.MySql;

/// <summary>
/// Of <c>fir_db</c>: a consistent-snapshot transaction over the driver. mysqldump is not in the service's image and would want RELOAD; the
/// clone plugin wants BACKUP_ADMIN and writes on the server's disk. Three tables of rows need neither: the account that reads FIRs will do.
/// </summary>
internal sealed class MySqlSnapshots(FirdbConnections connections, CrashPoints crashPoints, ILoggerFactory loggerFactory)
    : IRegistrySnapshots
{
    private const int MaxAttempts = 100;

    // The position before and after in one round trip: equal, nothing was committed between them, and the snapshot is of that position.
    // The forwarder stands still meanwhile; other services on the same server may not, so it is tried again.
    private const string PinAll = """
        SET SESSION wait_timeout = 28800, transaction_isolation = 'REPEATABLE-READ';
        SELECT @@GLOBAL.gtid_executed;
        START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY;
        SELECT @@GLOBAL.gtid_executed;
        """;

    public async Task<IRegistrySnapshot> PinAsync(CancellationToken cancellationToken)
    {
        MySqlConnection? connection = null;
        try
        {
            connection = await connections.OpenToReadAsync(cancellationToken);
            for (var attempt = 1; attempt <= MaxAttempts; attempt++)
            {
                var (before, after) = await PinOnceAsync(connection, cancellationToken);
                if (before == after)
                {
                    return new MySqlSnapshot(connection, after.Replace("\n", "", StringComparison.Ordinal), crashPoints, loggerFactory);
                }

                await using var again = new MySqlCommand("ROLLBACK", connection);
                await again.ExecuteNonQueryAsync(cancellationToken);
            }

            throw new BackupException(BackupFault.Failed, "Others write to MySQL without a pause: its position could not be had.");
        }
        catch (Exception e)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            throw MySqlFailure.IsUnavailable(e)
                ? new BackupException(BackupFault.Failed, $"The registry cannot be read: {MySqlFailure.Unavailable(e, false).Message}", e)
                : e;
        }
    }

    private static async Task<(string Before, string After)> PinOnceAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(PinAll, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var before = reader.GetString(0);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (before, reader.GetString(0));
    }
}

/// <summary>The open transaction.</summary>
internal sealed class MySqlSnapshot(MySqlConnection connection, string position, CrashPoints crashPoints, ILoggerFactory loggerFactory)
    : IRegistrySnapshot
{
    private static readonly string[] Tables = ["fir_records", "ledger_head", "registration_counters", "VersionInfo"];

    public async Task<RegistryFacts> ReadFactsAsync(CancellationToken cancellationToken)
    {
        await RequireKnownSchemaAsync(cancellationToken);
        var head = await MySqlRows.ReadHeadAsync(connection, cancellationToken);
        var counters = await MySqlRows.ReadCountersAsync(connection, cancellationToken);
        using var digest = new RegistryRows.Digest();
        long rows = 0;
        await foreach (var row in MySqlRows.ReadAsync(connection, cancellationToken))
        {
            digest.Add(row);
            rows++;
        }

        return new(
            MySqlRegistry.KindName,
            connection.ServerVersion,
            position,
            head,
            counters,
            digest.Finish(),
            new Dictionary<string, long>
            {
                ["fir_records"] = rows,
                ["registration_counters"] = counters.Count,
                ["ledger_head"] = head.Position > 0 ? 1 : 0,
            }
        );
    }

    public async Task CopyToAsync(string file, Action<BackupProgress> progress, CancellationToken cancellationToken)
    {
        Migrations.Run(file, EmbeddedRegistry.MigrationTag, crashPoints, loggerFactory);
        using var session = new SqliteSession(CheckedSqliteConnection.Open(file, SqliteAccess.ReadWrite));
        var facts = await ReadFactsAsync(cancellationToken);
        var (total, done) = (facts.Counts["fir_records"], 0L);
        session.Execute("BEGIN IMMEDIATE");
        var values = string.Join(", ", Enumerable.Range(1, RegistryRows.Names.Length).Select(number => $"${number}"));
        var insert = $"INSERT INTO fir_records ({RegistryRows.Columns}) VALUES ({values})";
        await foreach (var row in MySqlRows.ReadAsync(connection, cancellationToken))
        {
            session.Execute(insert, row);
            progress(new("copying the registry", ++done, total));
        }

        foreach (var counter in facts.Counters)
        {
            session.Execute("INSERT INTO registration_counters VALUES ($1, $2, $3)", counter.StationCode, counter.Year, counter.Serial);
        }

        if (facts.Ledger.Position > 0)
        {
            session.Execute("INSERT INTO ledger_head (id, position, hash) VALUES (1, $1, $2)", facts.Ledger.Position, facts.Ledger.Hash);
        }

        session.Execute("COMMIT");
        new WriteAheadLog(file, session).Checkpoint(CheckpointMode.Truncate);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync(); // the pool ends the transaction

    /// <summary>A table or column that this program does not know would be left out without a word.</summary>
    private async Task RequireKnownSchemaAsync(CancellationToken cancellationToken)
    {
        await foreach (
            var row in RowsAsync(
                "SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()",
                cancellationToken
            )
        )
        {
            var (table, column) = ((string)row[0]!, (string)row[1]!);
            if (!Tables.Contains(table) || (table == "fir_records" && !RegistryRows.Names.Contains(column)))
            {
                throw new BackupException(
                    BackupFault.Failed,
                    $"{table}.{column} is unknown to this version and would not be backed up. Use the version that made it, or keep other tables elsewhere."
                );
            }
        }
    }

    private IAsyncEnumerable<object?[]> RowsAsync(string sql, CancellationToken cancellationToken) =>
        MySqlRows.QueryAsync(connection, sql, null, cancellationToken);
}
