using System.Data;
using AfirGen.Api.Registry.Ledger;
using MySqlConnector;

namespace AfirGen.Api.Registry.MySql;

/// <summary>Reads the ledger in its order.</summary>
internal static class LedgerPages
{
    public static async Task<LedgerPage> ReadAsync(
        MySqlConnection connection,
        long afterPosition,
        int count,
        CancellationToken cancellationToken
    )
    {
        // Rows and head of one snapshot: a ledger that grows meanwhile is no fault.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.Snapshot, cancellationToken);
        await using var command = new MySqlCommand(
            """
            SELECT fir_number, session_id, station_code, registration_year, registration_serial, created_at, finalized_at,
                   complaint_text, fir_content, violations_json, ledger_position, previous_hash, record_hash
            FROM fir_records WHERE ledger_position > @after ORDER BY ledger_position LIMIT @count;
            SELECT position, hash FROM ledger_head WHERE id = 1;
            """,
            connection,
            transaction
        );
        command.Parameters.AddWithValue("@after", afterPosition);
        command.Parameters.AddWithValue("@count", count);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<LedgerRow>();
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(Map(row));
        }

        await row.NextResultAsync(cancellationToken);
        var head = await row.ReadAsync(cancellationToken) ? new LedgerHead(row.GetInt64(0), row.GetString(1)) : LedgerHead.Genesis;
        return new(rows, head);
    }

    private static LedgerRow Map(MySqlDataReader row) =>
        new(
            new()
            {
                FirNumber = row.GetString(0),
                SessionId = row.GetString(1),
                Registration = new(row.GetString(2), row.GetInt32(3), row.GetInt64(4)),
                CreatedAt = row.GetString(5),
                FinalizedAt = row.NullableString(6) ?? "",
                ComplaintText = row.GetString(7),
                FirContent = row.NullableString(8) ?? "",
                ViolationsJson = row.NullableString(9) ?? "",
            },
            new(row.GetInt64(10), row.NullableString(11) ?? "", row.NullableString(12) ?? "")
        );
}
