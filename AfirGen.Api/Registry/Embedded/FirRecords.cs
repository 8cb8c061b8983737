using System.Text;
using AfirGen.Api.Sqlite;
using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Registry.Embedded;

/// <summary>SQL of <c>fir_records</c> and <c>registration_counters</c>.</summary>
internal static class FirRecords
{
    public static DeliveryOutcome Apply(SqliteSession db, RegistryChange change) =>
        change switch
        {
            RecordDraft draft => Draft(db, draft),
            RecordPending pending => Pending(db, pending),
            Register register => Register(db, register),
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "Unknown change."),
        };

    public static FirRecord? Find(SqliteSession db, string firNumber) =>
        db.Single(
            """
            SELECT fir_number, session_id, complaint_text, fir_content, violations_json, status, created_at, finalized_at,
                   station_code, registration_year, registration_serial
            FROM fir_records WHERE fir_number = $1
            """,
            row => new FirRecord(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                row.NullableString(3),
                row.NullableString(4),
                row.GetString(5),
                row.GetString(6),
                row.NullableString(7),
                row.IsDBNull(10) ? null : new(row.GetString(8), row.GetInt32(9), row.GetInt64(10))
            ),
            firNumber
        );

    public static List<FirListing> List(SqliteSession db, int limit, int offset) =>
        db.List(
            "SELECT fir_number, status, created_at FROM fir_records ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2",
            row => new FirListing(row.GetString(0), row.GetString(1), row.GetString(2)),
            limit,
            offset
        );

    public static Dictionary<string, string> Statuses(SqliteSession db, IReadOnlyList<string> firNumbers)
    {
        var found = new Dictionary<string, string>();
        foreach (var firNumber in firNumbers)
        {
            if (db.Scalar<string>("SELECT status FROM fir_records WHERE fir_number = $1", firNumber) is { } status)
            {
                found.Add(firNumber, status);
            }
        }

        return found;
    }

    private static Recorded Draft(SqliteSession db, RecordDraft draft)
    {
        // Delivered again after a crash, or late behind a pending one: what is there stays.
        db.Execute(
            """
            INSERT INTO fir_records (fir_number, session_id, complaint_text, status, created_at) VALUES ($1, $2, CAST($3 AS TEXT), 'draft', $4)
            ON CONFLICT (session_id) DO UPDATE SET complaint_text = excluded.complaint_text WHERE status = 'draft'
            """,
            draft.FirNumber,
            draft.SessionId,
            Bytes(draft.ComplaintText),
            draft.CreatedAt
        );
        return new();
    }

    private static DeliveryOutcome Pending(SqliteSession db, RecordPending pending)
    {
        var changed = db.Execute(
            """
            UPDATE fir_records SET status = 'pending', complaint_text = CAST($1 AS TEXT), fir_content = CAST($2 AS TEXT), violations_json = $3
            WHERE session_id = $4 AND status <> 'finalized'
            """,
            Bytes(pending.ComplaintText),
            Bytes(pending.FirContent),
            pending.ViolationsJson,
            pending.SessionId
        );
        return changed == 1 ? new Recorded() : new Refused(Refused.AlreadyFinalized);
    }

    /// <summary>What people wrote is bound as bytes and cast in SQL: the driver binds a long string only up to its first NUL.</summary>
    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static DeliveryOutcome Register(SqliteSession db, Register register)
    {
        var existing = db.Single(
            """
            SELECT status, registration_operation, station_code, registration_year, registration_serial, finalized_at
            FROM fir_records WHERE fir_number = $1
            """,
            row => new
            {
                Status = row.GetString(0),
                Operation = row.NullableString(1),
                Registration = row.IsDBNull(4) ? null : new OfficialNumber(row.GetString(2), row.GetInt32(3), row.GetInt64(4)),
                RegisteredAt = row.NullableString(5),
            },
            register.FirNumber
        );
        switch (existing)
        {
            case null:
                return new Refused(Refused.Unknown);
            case { Status: FirStatus.Finalized } when existing.Operation == register.Operation:
                return new Registered(existing.Registration!, existing.RegisteredAt!); // delivered twice: the same answer (G3)
            case { Status: FirStatus.Finalized }:
                return new Refused(Refused.AlreadyFinalized);
            case { Status: FirStatus.Draft }:
                return new Refused(Refused.NotPending);
        }

        // The counter moves in the transaction that uses its value: a rollback takes both back, so no serial is skipped or reused (G4).
        var serial = db.Scalar<long>(
            """
            INSERT INTO registration_counters (station_code, registration_year, last_serial) VALUES ($1, $2, 1)
            ON CONFLICT (station_code, registration_year) DO UPDATE SET last_serial = last_serial + 1 RETURNING last_serial
            """,
            register.StationCode,
            register.Year
        );
        db.Execute(
            """
            UPDATE fir_records SET status = 'finalized', finalized_at = $1, station_code = $2, registration_year = $3,
                                   registration_serial = $4, registration_operation = $5
            WHERE fir_number = $6 AND status = 'pending'
            """,
            register.RegisteredAt,
            register.StationCode,
            register.Year,
            serial,
            register.Operation,
            register.FirNumber
        );
        return new Registered(new(register.StationCode, register.Year, serial), register.RegisteredAt);
    }
}
