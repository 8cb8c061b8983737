using MySqlConnector;

namespace AfirGen.Api.Registry.MySql;

/// <summary>Writes what a batch came to: new records in multi-row statements, the rest as many statements in one round trip.</summary>
internal static class RecordWrites
{
    public static async Task WriteAsync(
        RegistryBatch batch,
        MySqlConnection connection,
        MySqlTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        var link = new Link(connection, transaction, cancellationToken);
        await InsertAsync(link, batch.New);
        await UpdateAsync(link, batch.Changed);
        await FinalizeAsync(link, batch.Finalizations);
    }

    private static async Task InsertAsync(Link link, IReadOnlyList<StoredFir> records)
    {
        for (var next = 0; next < records.Count; )
        {
            var text = new SqlText().Sql(
                "INSERT INTO fir_records (fir_number, session_id, complaint_text, fir_content, violations_json, status, created_at) VALUES "
            );
            var from = next;
            while (next < records.Count && !text.IsFull)
            {
                var fir = records[next++];
                text.Sql(next - from == 1 ? "(" : ", (")
                    .Values([
                        fir.FirNumber,
                        fir.SessionId,
                        fir.ComplaintText,
                        fir.FirContent,
                        fir.ViolationsJson,
                        fir.TextStatus,
                        fir.CreatedAt,
                    ])
                    .Sql(")");
            }

            await link.SendAsync(text, next - from);
        }
    }

    private static async Task UpdateAsync(Link link, IEnumerable<StoredFir> records)
    {
        var text = new SqlText();
        foreach (var fir in records)
        {
            text.Sql("UPDATE fir_records SET status = ").Value(fir.TextStatus).Sql(", complaint_text = ").Value(fir.ComplaintText);
            text.Sql(", fir_content = ").Value(fir.FirContent).Sql(", violations_json = ").Value(fir.ViolationsJson);
            text.Sql(" WHERE session_id = ").Value(fir.SessionId).Sql(" AND status <> 'finalized';\n");
            if (text.IsFull)
            {
                await link.SendAsync(text, expectedRows: null); // the same texts again change no row
                text = new();
            }
        }

        await link.SendAsync(text, expectedRows: null);
    }

    /// <summary>
    /// Counter, record and ledger head move together and one step at a time, as their triggers demand: no serial is skipped or reused (G4),
    /// the chain has no fork (G6). Each of the three changes exactly one row, or the transaction ends here.
    /// </summary>
    private static async Task FinalizeAsync(Link link, IReadOnlyList<Finalization> finalizations)
    {
        var text = new SqlText();
        foreach (var (firNumber, operation, registered) in finalizations)
        {
            var (number, at, entry) = registered;
            if (number.Serial == 1)
            {
                text.Sql("INSERT INTO registration_counters (station_code, registration_year, last_serial) VALUES (")
                    .Values([number.StationCode, number.Year, 1])
                    .Sql(");\n");
            }
            else
            {
                text.Sql("UPDATE registration_counters SET last_serial = ").Value(number.Serial);
                text.Sql(" WHERE station_code = ").Value(number.StationCode).Sql(" AND registration_year = ").Value(number.Year);
                text.Sql(";\n");
            }

            text.Sql("UPDATE fir_records SET status = 'finalized', finalized_at = ").Value(at);
            text.Sql(", station_code = ").Value(number.StationCode).Sql(", registration_year = ").Value(number.Year);
            text.Sql(", registration_serial = ").Value(number.Serial).Sql(", registration_operation = ").Value(operation);
            text.Sql(", ledger_position = ").Value(entry.Position).Sql(", previous_hash = ").Value(entry.PreviousHash);
            text.Sql(", record_hash = ").Value(entry.RecordHash);
            text.Sql(" WHERE fir_number = ").Value(firNumber).Sql(" AND status = 'pending';\n");
            text.Sql("UPDATE ledger_head SET position = ").Value(entry.Position).Sql(", hash = ").Value(entry.RecordHash);
            text.Sql(" WHERE id = 1;\n");
        }

        await link.SendAsync(text, finalizations.Count * 3);
    }

    private sealed record Link(MySqlConnection Connection, MySqlTransaction Transaction, CancellationToken CancellationToken)
    {
        public async Task SendAsync(SqlText text, int? expectedRows)
        {
            if (text.Bytes == 0)
            {
                return;
            }

            await using var command = text.ToCommand(Connection, Transaction);
            var rows = await command.ExecuteNonQueryAsync(CancellationToken);
            if (expectedRows is { } expected && rows != expected)
            {
                throw new InvalidOperationException(
                    $"The registry changed {rows} rows instead of {expected}; the transaction is rolled back."
                );
            }
        }
    }
}
