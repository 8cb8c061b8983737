using System.Runtime.CompilerServices;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Ledger;
using MySqlConnector;

namespace AfirGen.Api.Backup.MySql;

/// <summary>Rows of MySQL as values alone.</summary>
internal static class MySqlRows
{
    private const int PageSize = 100;
    private const int PatienceSeconds = 120;

    /// <summary>All of <c>fir_records</c> in id order, a page at a time: no single command takes long, however many there are.</summary>
    public static async IAsyncEnumerable<object?[]> ReadAsync(
        MySqlConnection connection,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        long after = 0;
        while (true)
        {
            var count = 0;
            await foreach (
                var row in QueryAsync(
                    connection,
                    $"SELECT {RegistryRows.Columns} FROM fir_records WHERE id > @after ORDER BY id LIMIT {PageSize}",
                    after,
                    cancellationToken
                )
            )
            {
                count++;
                after = (long)row[0]!;
                yield return row;
            }

            if (count < PageSize)
            {
                yield break;
            }
        }
    }

    /// <summary>Where the ledger ends.</summary>
    public static async Task<LedgerHead> ReadHeadAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        var head = LedgerHead.Genesis;
        await foreach (var row in QueryAsync(connection, "SELECT position, hash FROM ledger_head WHERE id = 1", null, cancellationToken))
        {
            head = new((long)row[0]!, (string)row[1]!);
        }

        return head;
    }

    public static async Task<IReadOnlyList<OfficialNumber>> ReadCountersAsync(
        MySqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        List<OfficialNumber> counters = [];
        await foreach (
            var row in QueryAsync(
                connection,
                "SELECT station_code, registration_year, last_serial FROM registration_counters ORDER BY station_code, registration_year",
                null,
                cancellationToken
            )
        )
        {
            counters.Add(new((string)row[0]!, (int)(long)row[1]!, (long)row[2]!));
        }

        return counters;
    }

    /// <param name="sql">A constant.</param>
    public static async IAsyncEnumerable<object?[]> QueryAsync(
        MySqlConnection connection,
        string sql,
        long? after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
#pragma warning disable CA2100 // callers pass constants
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = PatienceSeconds };
#pragma warning restore CA2100
        if (after is not null)
        {
            command.Parameters.AddWithValue("@after", after);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return RegistryRows.Read(reader);
        }
    }
}
