using AfirGen.Api.Registry.Ledger;
using AfirGen.Api.Sqlite;

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
                   station_code, registration_year, registration_serial, ledger_position, previous_hash, record_hash
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
                row.IsDBNull(10) ? null : new(row.GetString(8), row.GetInt32(9), row.GetInt64(10)),
                row.IsDBNull(11) ? null : new(row.GetInt64(11), row.GetString(12), row.GetString(13))
            ),
            firNumber
        );

    public static List<FirListing> List(SqliteSession db, int limit, int offset) =>
        db.List(
            "SELECT fir_number, status, created_at FROM fir_records ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2",
            Listing,
            limit,
            offset
        );

    /// <returns>Null when there is no such record.</returns>
    public static List<FirListing>? ListAfter(SqliteSession db, string firNumber, int limit)
    {
        // A record keeps its place: neither column of it ever changes.
        var place = db.Single(
            "SELECT created_at, id FROM fir_records WHERE fir_number = $1",
            row => new Place(row.GetString(0), row.GetInt64(1)),
            firNumber
        );
        return place is null
            ? null
            : db.List(
                """
                SELECT fir_number, status, created_at FROM fir_records
                WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3
                """,
                Listing,
                place.CreatedAt,
                place.Id,
                limit
            );
    }

    public static List<FirFound> Search(SqliteSession db, FirSearch search, int limit, int offset) =>
        db.List(
            """
            SELECT fir_number, status, created_at, session_id, station_code, registration_year, registration_serial FROM fir_records
            WHERE ($1 IS NULL OR status = $1) AND ($2 IS NULL OR created_at >= $2) AND ($3 IS NULL OR created_at < $3)
              AND ($4 IS NULL OR fir_number LIKE $4 ESCAPE '!'
                   OR station_code || '/' || registration_year || '/' || printf('%04d', registration_serial) LIKE $4 ESCAPE '!')
            ORDER BY created_at DESC, id DESC LIMIT $5 OFFSET $6
            """,
            row => new FirFound(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                row.GetString(3),
                row.IsDBNull(6) ? null : new(row.GetString(4), row.GetInt32(5), row.GetInt64(6))
            ),
            search.Status,
            search.From,
            search.Before,
            search.NumberPattern,
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

    private static FirListing Listing(SqliteRow row) => new(row.GetString(0), row.GetString(1), row.GetString(2));

    private static Recorded Draft(SqliteSession db, RecordDraft draft)
    {
        // Delivered again after a crash, or late behind a pending one: what is there stays.
        db.Execute(
            """
            INSERT INTO fir_records (fir_number, session_id, complaint_text, status, created_at) VALUES ($1, $2, $3, 'draft', $4)
            ON CONFLICT (session_id) DO UPDATE SET complaint_text = excluded.complaint_text WHERE status = 'draft'
            """,
            draft.FirNumber,
            draft.SessionId,
            draft.ComplaintText,
            draft.CreatedAt
        );
        return new();
    }

    private static DeliveryOutcome Pending(SqliteSession db, RecordPending pending)
    {
        var changed = db.Execute(
            """
            UPDATE fir_records SET status = 'pending', complaint_text = $1, fir_content = $2, violations_json = $3
            WHERE session_id = $4 AND status <> 'finalized'
            """,
            pending.ComplaintText,
            pending.FirContent,
            pending.ViolationsJson,
            pending.SessionId
        );
        return changed == 1 ? new Recorded() : new Refused(Refused.AlreadyFinalized);
    }

    private static DeliveryOutcome Register(SqliteSession db, Register register)
    {
        var candidate = db.Single(
            """
            SELECT session_id, status, created_at, complaint_text, fir_content, violations_json, registration_operation,
                   station_code, registration_year, registration_serial, finalized_at, ledger_position, previous_hash, record_hash
            FROM fir_records WHERE fir_number = $1
            """,
            row => new RegistrationCandidate(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                row.GetString(3),
                row.NullableString(4),
                row.NullableString(5),
                row.NullableString(6),
                row.IsDBNull(9)
                    ? null
                    : new Registered(
                        new(row.GetString(7), row.GetInt32(8), row.GetInt64(9)),
                        row.GetString(10),
                        new(row.GetInt64(11), row.GetString(12), row.GetString(13))
                    )
            ),
            register.FirNumber
        );
        if (RegistrationDecision.Settled(candidate, register) is { } settled)
        {
            return settled;
        }

        // Counter and ledger move in the transaction that uses their values: a rollback takes all back, so no serial is skipped or
        // reused (G4) and the chain has no fork (G6).
        var serial = db.Scalar<long>(
            """
            INSERT INTO registration_counters (station_code, registration_year, last_serial) VALUES ($1, $2, 1)
            ON CONFLICT (station_code, registration_year) DO UPDATE SET last_serial = last_serial + 1 RETURNING last_serial
            """,
            register.StationCode,
            register.Year
        );
        var registered = RegistrationDecision.Enter(candidate!, register, serial, ReadHead(db));
        Finalize(db, register, registered.Registration, registered.Entry);
        return registered;
    }

    public static LedgerHead ReadHead(SqliteSession db) =>
        db.Single("SELECT position, hash FROM ledger_head WHERE id = 1", row => new LedgerHead(row.GetInt64(0), row.GetString(1)))
        ?? LedgerHead.Genesis;

    /// <returns>Null when there is no such entry.</returns>
    public static string? HashAt(SqliteSession db, long position) =>
        db.Scalar<string>("SELECT record_hash FROM fir_records WHERE ledger_position = $1", position);

    private static void Finalize(SqliteSession db, Register register, OfficialNumber number, LedgerEntry entry)
    {
        db.Execute(
            """
            UPDATE fir_records SET status = 'finalized', finalized_at = $1, station_code = $2, registration_year = $3, registration_serial = $4,
                                   registration_operation = $5, ledger_position = $6, previous_hash = $7, record_hash = $8
            WHERE fir_number = $9 AND status = 'pending'
            """,
            register.RegisteredAt,
            number.StationCode,
            number.Year,
            number.Serial,
            register.Operation,
            entry.Position,
            entry.PreviousHash,
            entry.RecordHash,
            register.FirNumber
        );
        db.Execute(
            """
            INSERT INTO ledger_head (id, position, hash) VALUES (1, $1, $2)
            ON CONFLICT (id) DO UPDATE SET position = excluded.position, hash = excluded.hash
            """,
            entry.Position,
            entry.RecordHash
        );
    }

    /// <summary>Where a record stands in the list.</summary>
    private sealed record Place(string CreatedAt, long Id);
}
