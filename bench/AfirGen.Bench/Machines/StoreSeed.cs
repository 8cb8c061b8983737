using AfirGen.Api.Registry.Embedded;
using AfirGen.Api.Sqlite;
using AfirGen.Tests.Stack;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace AfirGen.Bench.Machines;

/// <summary>Stores as they are after a long time, written by SQL: a million requests would take longer than the run.</summary>
internal static class StoreSeed
{
    private const string Id = "(printf('%08x', i * 2654435761 % 4294967296) || printf('-0000-4000-8000-%012x', i))";

    /// <summary>Sessions under review, each with its two events.</summary>
    /// <param name="outbox">True: the registry has not heard of any of them.</param>
    public static void Sessions(string dataFolder, int count, bool outbox = false)
    {
        const string Mark = "00000000-0000-4000-8000-000000000000";
        const string FirMark = "FIR-00000000-00000000000000";
        string file;
        using (var journal = new JournalOfItsOwn(dataFolder))
        {
            file = journal.File;
        }

        var template = ComplaintRows.Compose(Mark, FirMark, TimeProvider.System.GetUtcNow());
        var s = template.Session;
        Run(
            file,
            $"""
            CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $count)
                SELECT i, {Id} AS id, printf('FIR-%08x-%014d', i, i) AS fir FROM n WHERE i <= $count ORDER BY id;
            INSERT INTO session_rows (session_id, fir_number, state, status, current_step, version, created_at, last_activity)
                SELECT id, fir, replace(replace($state, '{Mark}', id), '{FirMark}', fir), $status, $step, $version, $at, $at FROM n;
            INSERT INTO session_events (session_id, seq, content, at) SELECT id, 1, $first, $at FROM n;
            INSERT INTO session_events (session_id, seq, content, at) SELECT id, 2, $second, $at FROM n;
            INSERT INTO outbox (session_id, kind, payload, created_at)
                SELECT id, 'draft', replace(replace($payload, '{Mark}', id), '{FirMark}', fir), $at FROM n WHERE $outbox ORDER BY i;
            """,
            ("$count", count),
            ("$state", s.State),
            ("$status", s.Status),
            ("$step", s.CurrentStep),
            ("$version", s.Version),
            ("$at", s.CreatedAt),
            ("$first", template.Events[0].Content),
            ("$second", template.Events[1].Content),
            ("$payload", template.OutboxPayload),
            ("$outbox", outbox)
        );
    }

    /// <summary>Records of the embedded registry. A tenth share their time of creation with a neighbour.</summary>
    public static void Records(string file, int count)
    {
        var crashPoints = new Api.Durability.CrashPoints(new ConfigurationBuilder().Build());
        Migrations.Run(file, EmbeddedRegistry.MigrationTag, crashPoints, NullLoggerFactory.Instance);
        Run(
            file,
            $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $count)
            INSERT INTO fir_records (fir_number, session_id, complaint_text, status, created_at)
                SELECT printf('FIR-%08x-%014d', i, i), {Id}, $text || i, 'draft',
                       strftime('%Y-%m-%dT%H:%M:%S', 1700000000 + i - (i % 10 = 0), 'unixepoch') || '.0000000Z' FROM n WHERE i <= $count;
            """,
            ("$count", count),
            ("$text", Load.Complaint.Text("seed"))
        );
    }

    /// <summary>The same for MySQL, which doubles what it has until there is enough.</summary>
    public static async Task RecordsAsync(MySqlContainer mysql, int count)
    {
        const string Columns = "fir_number, session_id, complaint_text, status, created_at";
        static string Select(string i) =>
            $"CONCAT('FIR-', LPAD(LOWER(HEX({i})), 8, '0'), '-', LPAD({i}, 14, '0')), CONCAT('seed-', {i}), CONCAT('Seeded complaint ', {i}, REPEAT(' x', 150)), 'draft', "
            + $"DATE_FORMAT(FROM_UNIXTIME(1700000000 + {i} - ({i} % 10 = 0)), '%Y-%m-%dT%H:%i:%s.0000000Z')";
        await mysql.ExecuteAsync(
            $"""
            CREATE TABLE digits (d INT); INSERT INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9);
            CREATE TABLE thousands (i INT); INSERT INTO thousands SELECT a.d * 100 + b.d * 10 + c.d FROM digits a, digits b, digits c;
            """
        );
        for (var from = 0; from < count; from += 1000)
        {
            await mysql.ExecuteAsync(
                $"INSERT INTO fir_records ({Columns}) SELECT {Select($"(i + {from + 1})")} FROM thousands WHERE i + {from} < {count}"
            );
        }
    }

    private static void Run(string file, string sql, params (string Name, object Value)[] values)
    {
        SqliteConnection.ClearAllPools(); // the migrations' own: a file that is open elsewhere keeps its journal mode
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // callers pass constants
        // Every page is written once: into the file, without a log before it.
        command.CommandText =
            "PRAGMA journal_mode=DELETE; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA cache_size=-400000; "
            + $"BEGIN; {sql} COMMIT; PRAGMA journal_mode=WAL";
#pragma warning restore CA2100
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }
}
