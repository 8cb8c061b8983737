using AfirGen.Api.Durability;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Api.Registry.Ledger;
using AfirGen.Api.Registry.MySql;
using AfirGen.Api.Sqlite;
using MySqlConnector;

namespace AfirGen.Api.Backup.MySql;

/// <summary>
/// Loads an embedded registry into an empty database of MySQL, in one transaction, with every trigger of the schema armed: the ledger grows
/// entry by entry, as it did.
/// </summary>
/// <param name="connectionString">Hardened, of an account that may create the schema.</param>
internal sealed class MySqlLoad(string connectionString, CrashPoints crashPoints, ILoggerFactory loggerFactory)
{
    private const int PatienceSeconds = 120;

    /// <summary>Rows of the registry's tables; null when there are no tables.</summary>
    public async Task<long?> CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new MySqlCommand(
            "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN ('fir_records', 'registration_counters', 'ledger_head')",
            connection
        );
        if (await command.ExecuteScalarAsync(cancellationToken) is 0L)
        {
            return null;
        }

        await using var rows = new MySqlCommand(
            "SELECT (SELECT COUNT(*) FROM fir_records) + (SELECT COUNT(*) FROM registration_counters) + (SELECT COUNT(*) FROM ledger_head WHERE position > 0)",
            connection
        );
        return Convert.ToInt64(await rows.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async Task LoadAsync(SqliteSession source, Action<BackupProgress> progress, CancellationToken cancellationToken)
    {
        await MySqlMigrations.RunAsync(connectionString, crashPoints, loggerFactory, cancellationToken);
        await using var connection = await OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var total = source.Scalar<long>("SELECT COUNT(*) FROM fir_records");
        long done = 0;
        var text = NewInsert();
        var first = true;
        foreach (var row in RegistryRows.Read(source))
        {
            text.Sql(first ? "(" : ", (").Values(row).Sql(")");
            first = false;
            progress(new("loading MySQL", ++done, total));
            if (text.IsFull)
            {
                await SendAsync(text);
                (text, first) = (NewInsert(), true);
            }
        }

        await SendAsync(first ? new() : text);
        text = new();
        foreach (var counter in EmbeddedSnapshots.ReadCounters(source))
        {
            text.Sql("INSERT INTO registration_counters (station_code, registration_year, last_serial) VALUES (")
                .Values([counter.StationCode, counter.Year, counter.Serial])
                .Sql(");\n");
        }

        foreach (var entry in LedgerInOrder(source))
        {
            text.Sql("UPDATE ledger_head SET position = ").Value(entry.Position).Sql(", hash = ").Value(entry.Hash).Sql(" WHERE id = 1;\n");
            if (text.IsFull)
            {
                await SendAsync(text);
                text = new();
            }
        }

        await SendAsync(text);
        await transaction.CommitAsync(cancellationToken);

        static SqlText NewInsert() => new SqlText().Sql($"INSERT INTO fir_records ({RegistryRows.Columns}) VALUES ");

        async Task SendAsync(SqlText commands)
        {
            if (commands.Bytes > 0)
            {
                await using var command = commands.ToCommand(connection, transaction);
                command.CommandTimeout = PatienceSeconds;
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }

    /// <summary>Reads everything back and compares it to the byte.</summary>
    /// <exception cref="BackupException">The database has something else.</exception>
    public async Task RequireEqualAsync(SqliteSession source, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        using var digest = new RegistryRows.Digest();
        await foreach (var row in MySqlRows.ReadAsync(connection, cancellationToken))
        {
            digest.Add(row);
        }

        var head = await MySqlRows.ReadHeadAsync(connection, cancellationToken);
        var counters = await MySqlRows.ReadCountersAsync(connection, cancellationToken);
        if (
            digest.Finish() != RegistryRows.Sha256(source)
            || head != FirRecords.ReadHead(source)
            || !counters.SequenceEqual(EmbeddedSnapshots.ReadCounters(source))
        )
        {
            throw new BackupException(BackupFault.Damaged, "MySQL gives back something else than was loaded into it.");
        }
    }

    public async Task<MySqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection(new MySqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var session = new MySqlCommand(
                $"SET SESSION autocommit = 1, sql_mode = '{FirdbConnections.StrictMode}', time_zone = '+00:00'",
                connection
            );
            await session.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static IEnumerable<LedgerHead> LedgerInOrder(SqliteSession source)
    {
        const int Page = 1000;
        var at = 0L;
        while (true)
        {
            var page = source.List(
                $"SELECT ledger_position, record_hash FROM fir_records WHERE ledger_position > $1 ORDER BY ledger_position LIMIT {Page}",
                row => new LedgerHead(row.GetInt64(0), row.GetString(1)),
                at
            );
            foreach (var entry in page)
            {
                yield return entry;
            }

            if (page.Count < Page)
            {
                yield break;
            }

            at = page[^1].Position;
        }
    }
}
