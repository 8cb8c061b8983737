using AfirGen.Api.Audit;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Api.Registry.Ledger;
using AfirGen.Api.Sqlite;
using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Backup;

/// <summary>
/// Whether restored stores are sound in themselves, are what the manifest says, and agree with each other. Asks the files alone: nothing of
/// what wrote them is taken on trust.
/// </summary>
internal static class RestoreCheck
{
    /// <summary>Delivered according to the journal, and not in the registry as far as it was confirmed.</summary>
    private const string NotInRegistry = """
        SELECT DISTINCT o.session_id || ' was delivered as ' || o.kind || ', the registry says ' || COALESCE(f.status, 'nothing')
        FROM outbox o LEFT JOIN registry.fir_records f ON f.session_id = o.session_id
        WHERE o.delivered_at IS NOT NULL AND o.accepted = 1
          AND (f.session_id IS NULL OR (o.kind = 'register' AND f.status <> 'finalized') OR (o.kind = 'pending' AND f.status = 'draft'))
        LIMIT 5
        """;

    /// <summary>Completed, nothing waits in the outbox, and the registry has no rendered FIR of it.</summary>
    private const string CompletedAndGone = """
        SELECT s.session_id || ' is completed, the registry says ' || COALESCE(f.status, 'nothing')
        FROM session_rows s LEFT JOIN registry.fir_records f ON f.session_id = s.session_id
        WHERE s.status = 'completed' AND COALESCE(f.status, 'draft') = 'draft'
          AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.session_id = s.session_id AND o.delivered_at IS NULL)
        LIMIT 5
        """;

    /// <summary>The session was told another number than the registry has.</summary>
    private const string OtherNumber = """
        SELECT s.session_id || ' was told ' || (s.state ->> 'registration_number')
        FROM session_rows s LEFT JOIN registry.fir_records f ON f.session_id = s.session_id
        WHERE s.state ->> 'registration_number' IS NOT NULL
          AND s.state ->> 'registration_number' IS NOT f.station_code || '/' || f.registration_year || '/' || printf('%04d', f.registration_serial)
        LIMIT 5
        """;

    private const string EventsMissing = """
        SELECT s.session_id || ' has not the ' || s.version || ' events that were acknowledged' FROM session_rows s
        WHERE s.version <> (SELECT COUNT(*) FROM session_events e WHERE e.session_id = s.session_id) LIMIT 5
        """;

    /// <summary>A serial beyond its counter would be given a second time (G4).</summary>
    private const string BeyondCounter = """
        SELECT f.station_code || '/' || f.registration_year || ' has given ' || MAX(f.registration_serial) || ', its counter says ' || COALESCE(c.last_serial, 0)
        FROM registry.fir_records f LEFT JOIN registry.registration_counters c
          ON c.station_code = f.station_code AND c.registration_year = f.registration_year
        WHERE f.registration_serial IS NOT NULL
        GROUP BY f.station_code, f.registration_year HAVING MAX(f.registration_serial) > COALESCE(c.last_serial, 0) LIMIT 5
        """;

    /// <param name="folder">Holds <c>sessions.db</c> and <c>firs.db</c>.</param>
    /// <exception cref="BackupException">With the first things that are wrong.</exception>
    public static Task RequireAsync(
        BackupManifest manifest,
        string folder,
        Action<BackupProgress> progress,
        CancellationToken cancellationToken
    ) =>
        RequireNothingAsync(
            "The backup does not restore to what it was",
            folder,
            async (journal, registry, faults) =>
            {
                Sound("sessions.db", journal, faults);
                progress(new("checking", 1, 4));
                Sound("firs.db", registry, faults);
                progress(new("checking", 2, 4));
                faults.AddRange(Counted(manifest, "journal", journal).Concat(Counted(manifest, "registry", registry)));
                if (AuditTable.Exists(journal) && AuditChain.Verify(journal).Fault is { } broken)
                {
                    faults.Add($"the audit log is broken: {broken}");
                }

                if (faults.Count > 0)
                {
                    return; // what comes now reads both as if they were whole
                }

                await LedgerAsync(registry, manifest.Anchor, manifest.Registry.Ledger, faults, cancellationToken);
                progress(new("checking", 3, 4));
                if (RegistryRows.Sha256(registry) != manifest.Registry.RowsSha256)
                {
                    faults.Add("the FIRs are not, to the byte, those that the registry had");
                }

                if (!EmbeddedSnapshots.ReadCounters(registry).SequenceEqual(manifest.Registry.Counters))
                {
                    faults.Add("the counters of the serials are not those of the manifest");
                }

                Agree(journal, registry, faults);
                progress(new("checking", 4, 4));
            }
        );

    /// <summary>Two stores of different instants: the registry must have all that the journal knows to be in it.</summary>
    /// <param name="folder">Holds <c>sessions.db</c> and <c>firs.db</c>.</param>
    /// <exception cref="BackupException">With the first things that are missing.</exception>
    public static Task RequireAgreementAsync(string folder, CancellationToken cancellationToken) =>
        RequireNothingAsync(
            "The registry lacks what the journal has confirmed",
            folder,
            async (journal, registry, faults) =>
            {
                var anchor = LedgerAnchorTable.Furthest(journal);
                await LedgerAsync(registry, anchor is null ? null : new(anchor.Position, anchor.Hash), null, faults, cancellationToken);
                Agree(journal, registry, faults);
            }
        );

    private static async Task RequireNothingAsync(
        string otherwise,
        string folder,
        Func<SqliteSession, SqliteSession, List<string>, Task> find
    )
    {
        List<string> faults = [];
        try
        {
            using var journal = new SqliteSession(
                CheckedSqliteConnection.Open(Path.Combine(folder, "sessions.db"), SqliteAccess.ReadWrite)
            );
            using var registry = new SqliteSession(CheckedSqliteConnection.Open(Path.Combine(folder, "firs.db"), SqliteAccess.ReadWrite));
            await find(journal, registry, faults);
        }
        catch (Exception e) when (e is SqliteException or StoreNotDurableException)
        {
            faults.Add(e.Message);
        }

        if (faults.Count > 0)
        {
            throw new BackupException(BackupFault.Damaged, $"{otherwise}: {string.Join("; ", faults.Take(10))}.");
        }
    }

    private static void Agree(SqliteSession journal, SqliteSession registry, List<string> faults)
    {
        journal.Execute("ATTACH DATABASE $1 AS registry", registry.Connection.DataSource);
        foreach (var query in (string[])[EventsMissing, NotInRegistry, CompletedAndGone, OtherNumber, BeyondCounter])
        {
            faults.AddRange(journal.List(query, row => row.GetString(0)));
        }
    }

    private static void Sound(string name, SqliteSession session, List<string> faults)
    {
        faults.AddRange(
            session.List("PRAGMA integrity_check(5)", row => row.GetString(0)).Where(line => line != "ok").Select(line => $"{name}: {line}")
        );
        faults.AddRange(session.List("PRAGMA foreign_key_check", row => $"{name}: a row of {row.GetString(0)} refers to nothing").Take(5));
    }

    private static IEnumerable<string> Counted(BackupManifest manifest, string store, SqliteSession session)
    {
        var found = SqliteSnapshot.CountRows(session);
        return manifest
            .Counts.Where(table => table.Key.StartsWith(store + "/", StringComparison.Ordinal))
            .Select(table => (table.Key, Wanted: table.Value, Found: found.GetValueOrDefault(table.Key[(store.Length + 1)..], -1)))
            .Where(table => table.Found != table.Wanted)
            .Select(table => $"{table.Key} has {table.Found} rows, {table.Wanted} were there");
    }

    private static async Task LedgerAsync(
        SqliteSession registry,
        LedgerHead? anchor,
        LedgerHead? end,
        List<string> faults,
        CancellationToken cancellationToken
    )
    {
        var verifier = new LedgerVerifier((after, count, _) => Task.FromResult(LedgerPages.Read(registry, after, count)));
        var found = await verifier.VerifyAsync(LedgerHead.Genesis, long.MaxValue, cancellationToken);
        if (found.Fault is { } fault)
        {
            faults.Add($"the ledger is broken at {fault.Position}: {fault.Reason}");
        }
        else if (end is not null && found.Verified != end)
        {
            faults.Add($"the ledger ends at {found.Verified.Position}, not where it ended when the backup was taken");
        }
        else if (anchor is not null && FirRecords.HashAt(registry, anchor.Position) != anchor.Hash)
        {
            faults.Add($"the registry lacks position {anchor.Position} of the ledger, which the journal has seen in it");
        }
    }
}
