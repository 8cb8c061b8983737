using MySqlConnector;

namespace AfirGen.Api.Registry.MySql;

/// <summary>Reads of committed records.</summary>
internal static class RecordReads
{
    public static async Task<FirRecord?> FindAsync(MySqlConnection connection, string firNumber, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(
            """
            SELECT fir_number, session_id, complaint_text, fir_content, violations_json, status, created_at, finalized_at,
                   station_code, registration_year, registration_serial, ledger_position, previous_hash, record_hash
            FROM fir_records WHERE fir_number = @fir_number
            """,
            connection
        );
        command.Parameters.AddWithValue("@fir_number", firNumber);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                row.NullableString(3),
                row.NullableString(4),
                row.GetString(5),
                row.GetString(6),
                row.NullableString(7),
                row.IsDBNull(10) ? null : new(row.GetString(8), row.GetInt32(9), row.GetInt64(10)),
                row.IsDBNull(11) ? null : new(row.GetInt64(11), row.GetString(12), row.GetString(13))
            )
            : null;
    }

    public static async Task<IReadOnlyList<FirListing>> ListAsync(
        MySqlConnection connection,
        int limit,
        int offset,
        CancellationToken cancellationToken
    )
    {
        await using var command = new MySqlCommand(
            "SELECT fir_number, status, created_at FROM fir_records ORDER BY created_at DESC, id DESC LIMIT @limit OFFSET @offset",
            connection
        );
        command.Parameters.AddWithValue("@limit", limit);
        command.Parameters.AddWithValue("@offset", offset);
        return await ListingsAsync(command, cancellationToken);
    }

    /// <returns>Null when there is no such record.</returns>
    public static async Task<IReadOnlyList<FirListing>?> ListAfterAsync(
        MySqlConnection connection,
        string firNumber,
        int limit,
        CancellationToken cancellationToken
    )
    {
        // A record keeps its place: neither column of it ever changes.
        await using var place = new MySqlCommand("SELECT created_at, id FROM fir_records WHERE fir_number = @fir_number", connection);
        place.Parameters.AddWithValue("@fir_number", firNumber);
        string createdAt;
        ulong id;
        await using (var row = await place.ExecuteReaderAsync(cancellationToken))
        {
            if (!await row.ReadAsync(cancellationToken))
            {
                return null;
            }

            (createdAt, id) = (row.GetString(0), row.GetUInt64(1));
        }

        // Not (created_at, id) < (…): MySQL would read the whole index for a comparison of rows.
        await using var command = new MySqlCommand(
            """
            SELECT fir_number, status, created_at FROM fir_records
            WHERE created_at <= @created_at AND (created_at < @created_at OR id < @id) ORDER BY created_at DESC, id DESC LIMIT @limit
            """,
            connection
        );
        command.Parameters.AddWithValue("@created_at", createdAt);
        command.Parameters.AddWithValue("@id", id);
        command.Parameters.AddWithValue("@limit", limit);
        return await ListingsAsync(command, cancellationToken);
    }

    private static async Task<List<FirListing>> ListingsAsync(MySqlCommand command, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var listings = new List<FirListing>();
        while (await row.ReadAsync(cancellationToken))
        {
            listings.Add(new(row.GetString(0), row.GetString(1), row.GetString(2)));
        }

        return listings;
    }

    public static async Task<IReadOnlyList<FirFound>> SearchAsync(
        MySqlConnection connection,
        FirSearch search,
        int limit,
        int offset,
        CancellationToken cancellationToken
    )
    {
        await using var command = new MySqlCommand(
            """
            SELECT fir_number, status, created_at, session_id, station_code, registration_year, registration_serial FROM fir_records
            WHERE (@status IS NULL OR status = @status) AND (@from IS NULL OR created_at >= @from) AND (@before IS NULL OR created_at < @before)
              AND (@number IS NULL OR fir_number LIKE @number ESCAPE '!'
                   OR CONCAT(station_code, '/', registration_year, '/',
                             IF(registration_serial < 1000, LPAD(registration_serial, 4, '0'), registration_serial)) LIKE @number ESCAPE '!')
            ORDER BY created_at DESC, id DESC LIMIT @limit OFFSET @offset
            """,
            connection
        );
        command.Parameters.AddWithValue("@status", search.Status);
        command.Parameters.AddWithValue("@from", search.From);
        command.Parameters.AddWithValue("@before", search.Before);
        command.Parameters.AddWithValue("@number", search.NumberPattern);
        command.Parameters.AddWithValue("@limit", limit);
        command.Parameters.AddWithValue("@offset", offset);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<FirFound>();
        while (await row.ReadAsync(cancellationToken))
        {
            found.Add(
                new(
                    row.GetString(0),
                    row.GetString(1),
                    row.GetString(2),
                    row.GetString(3),
                    row.IsDBNull(6) ? null : new(row.GetString(4), row.GetInt32(5), row.GetInt64(6))
                )
            );
        }

        return found;
    }

    public static async Task<IReadOnlyDictionary<string, string>> StatusesAsync(
        MySqlConnection connection,
        IReadOnlyList<string> firNumbers,
        CancellationToken cancellationToken
    )
    {
        var statuses = new Dictionary<string, string>();
        var text = new SqlText().Sql("SELECT fir_number, status FROM fir_records WHERE fir_number IN (").Values(firNumbers).Sql(")");
        await using var command = text.ToCommand(connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            statuses.Add(row.GetString(0), row.GetString(1));
        }

        return statuses;
    }
}
