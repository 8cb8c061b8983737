using AfirGen.Api.Registry.Ledger;
using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Registry.Embedded;

/// <summary>Reads the ledger in its order.</summary>
internal static class LedgerPages
{
    public static LedgerPage Read(SqliteSession db, long afterPosition, int count)
    {
        db.Execute("BEGIN"); // rows and head of one snapshot: a ledger that grows meanwhile is no fault
        try
        {
            var rows = db.List(
                """
                SELECT fir_number, session_id, station_code, registration_year, registration_serial, created_at, finalized_at,
                       complaint_text, fir_content, violations_json, ledger_position, previous_hash, record_hash
                FROM fir_records WHERE ledger_position > $1 ORDER BY ledger_position LIMIT $2
                """,
                row => new LedgerRow(
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
                ),
                afterPosition,
                count
            );
            return new(rows, FirRecords.ReadHead(db));
        }
        finally
        {
            db.Execute("COMMIT");
        }
    }
}
