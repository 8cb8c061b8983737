using AfirGen.Api.Registry.Ledger;
using MySqlConnector;

namespace AfirGen.Api.Registry.MySql;

/// <summary>
/// Reads everything that a batch depends on and locks it, always in this order: ledger head, counters, records by FIR number, records by
/// session. All registrations of all processes queue at the ledger head, so none of them can wait for another in a circle.
/// </summary>
internal static class RecordLocks
{
    public static async Task LoadAsync(
        RegistryBatch batch,
        MySqlConnection connection,
        MySqlTransaction transaction,
        IReadOnlyList<RegistryChange> changes,
        CancellationToken cancellationToken
    )
    {
        var registers = changes.OfType<Register>().ToList();
        var sessions = changes.Where(change => change is not Register).Select(change => change.SessionId);
        var text = new SqlText();
        var known = RegistryChange.FurthestKnown(changes);
        if (known is not null)
        {
            text.Sql("SELECT position, (SELECT record_hash FROM fir_records WHERE ledger_position = ").Value(known.Position);
            text.Sql(") FROM ledger_head WHERE id = 1;\n");
        }

        if (registers.Count > 0)
        {
            text.Sql("SELECT position, hash FROM ledger_head WHERE id = 1 FOR UPDATE;\n");
            var counters = registers.Select(r => (r.StationCode, r.Year)).Distinct().Order();
            text.Sql(
                "SELECT station_code, registration_year, last_serial FROM registration_counters WHERE (station_code, registration_year) IN ("
            );
            text.Rows(counters, counter => [counter.StationCode, counter.Year]);
            text.Sql(") ORDER BY station_code, registration_year FOR UPDATE;\n");
            text.Sql(
                """
                SELECT fir_number, session_id, status, created_at, complaint_text, fir_content, violations_json, registration_operation,
                       station_code, registration_year, registration_serial, finalized_at, ledger_position, previous_hash, record_hash
                FROM fir_records WHERE fir_number IN (
                """
            );
            text.Values(registers.Select(r => r.FirNumber).Distinct().Order(StringComparer.Ordinal));
            text.Sql(") ORDER BY fir_number FOR UPDATE;\n");
        }

        string[] keys = [.. sessions.Distinct().Order(StringComparer.Ordinal)];
        if (keys.Length > 0)
        {
            text.Sql("SELECT fir_number, session_id, status, created_at FROM fir_records WHERE session_id IN (");
            text.Values(keys);
            text.Sql(") ORDER BY session_id FOR UPDATE;\n");
        }

        await using var command = text.ToCommand(connection, transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (known is not null)
        {
            var found = await reader.ReadAsync(cancellationToken);
            LedgerAnchor.Require(known, found ? reader.GetInt64(0) : 0, found ? reader.NullableString(1) : null);
            await reader.NextResultAsync(cancellationToken);
        }

        if (registers.Count > 0)
        {
            await EachAsync(reader, row => batch.Load(new LedgerHead(row.GetInt64(0), row.GetString(1))), cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            await EachAsync(reader, row => batch.Load(row.GetString(0), row.GetInt32(1), row.GetInt64(2)), cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            await EachAsync(reader, row => batch.Load(WithTexts(row)), cancellationToken);
            await reader.NextResultAsync(cancellationToken);
        }

        if (keys.Length > 0)
        {
            await EachAsync(reader, row => batch.Load(WithoutTexts(row)), cancellationToken);
        }
    }

    private static StoredFir WithoutTexts(MySqlDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3));

    private static StoredFir WithTexts(MySqlDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3))
        {
            ComplaintText = row.GetString(4),
            FirContent = row.NullableString(5),
            ViolationsJson = row.NullableString(6),
            Operation = row.NullableString(7),
            Registered = row.IsDBNull(10)
                ? null
                : new(
                    new(row.GetString(8), row.GetInt32(9), row.GetInt64(10)),
                    row.GetString(11),
                    new(row.GetInt64(12), row.GetString(13), row.GetString(14))
                ),
        };

    private static async Task EachAsync(MySqlDataReader reader, Action<MySqlDataReader> read, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken))
        {
            read(reader);
        }
    }
}

internal static class MySqlDataReaderExtensions
{
    public static string? NullableString(this MySqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
}
