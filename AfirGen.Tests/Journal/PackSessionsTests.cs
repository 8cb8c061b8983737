using AfirGen.Api.Journal;
using AfirGen.Api.Sqlite;
using AfirGen.Tests.Stack;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace AfirGen.Tests.Journal;

/// <summary>The journal of an older build, whose sessions had a page each.</summary>
public sealed class PackSessionsTests : IDisposable
{
    private const long OlderSchema = 202611250010;
    private const int Sessions = 200;
    private static readonly string State = $$"""{"original_text":"{{string.Concat(Enumerable.Repeat("चोरी \\\"बैग\\\" ", 60))}}"}""";
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("sessions.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void G1_packing_keeps_every_row_byte_for_byte()
    {
        MigrateTo(OlderSchema);
        Fill();
        var before = Content();
        Assert.Equal(4 * Sessions, before.Count);

        MigrateTo(long.MaxValue);

        Assert.Equal(before, Content());
        Assert.Empty(Read("SELECT \"table\" FROM pragma_foreign_key_check"));
        Assert.Equal(["ok"], Read("SELECT * FROM pragma_integrity_check"));
        Assert.DoesNotContain(
            "packed",
            string.Join('\n', Read("SELECT name || COALESCE(sql, '') FROM sqlite_schema")),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("UPDATE session_events SET at = 'x'", "append-only")]
    [InlineData("DELETE FROM session_events", "append-only")]
    [InlineData("INSERT INTO session_events (session_id, seq, content, at) VALUES ('s1', 4, '{\"kind\":\"x\"}', '')", "gapless")]
    [InlineData("INSERT INTO session_events (session_id, seq, content, at) VALUES ('nobody', 1, '{\"kind\":\"x\"}', '')", "FOREIGN KEY")]
    [InlineData("DELETE FROM session_rows", "FOREIGN KEY")]
    public void G4_the_rules_of_the_packed_tables_are_those_of_the_old_ones(string sql, string refusal)
    {
        MigrateTo(OlderSchema);
        Fill();
        MigrateTo(long.MaxValue);

        using var db = Open();
        var refused = Assert.Throws<SqliteException>(() => db.Execute(sql));
        Assert.Contains(refusal, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Before, a row of this size had a page of its own besides its place in the tree.</summary>
    [Fact]
    public void A_packed_session_shares_its_page()
    {
        const string Pages = "SELECT page_count FROM pragma_page_count";
        const int PageSize = 4096;
        MigrateTo(long.MaxValue);
        using var db = Open();
        var empty = db.Scalar<long>(Pages);

        for (var i = 0; i < Sessions; i++)
        {
            SessionTables.Insert(db, Rows.Session($"s{i}", State));
        }

        Assert.InRange((db.Scalar<long>(Pages) - empty) * PageSize / Sessions, State.Length, PageSize);
    }

    private void MigrateTo(long version) =>
        Migrations.Run(File, JournalStore.MigrationTag, JournalStack.NoCrashPoints, NullLoggerFactory.Instance, version);

    private void Fill()
    {
        using var db = Open();
        db.Execute("BEGIN");
        for (var i = 0; i < Sessions; i++)
        {
            SessionTables.Insert(db, Rows.Session($"s{i}", State));
            SessionTables.Append(db, $"s{i}", Rows.Event(1));
            SessionTables.Append(db, $"s{i}", Rows.Event(2));
            db.Execute(
                "INSERT INTO attachments (session_id, sha256, content_type, file_name, bytes) VALUES ($1, 'x', 'image/png', 'a.png', zeroblob(100))",
                $"s{i}"
            );
        }

        db.Execute("COMMIT");
    }

    private List<string> Content() =>
        [
            .. Read(
                "SELECT concat_ws('|', session_id, fir_number, state, status, current_step, version, created_at, last_activity) FROM session_rows ORDER BY 1"
            ),
            .. Read("SELECT concat_ws('|', session_id, seq, content, kind, at) FROM session_events ORDER BY 1"),
            .. Read("SELECT concat_ws('|', session_id, sha256, content_type, file_name, hex(bytes)) FROM attachments ORDER BY 1"),
        ];

    private List<string> Read(string sql)
    {
        using var db = Open();
        return db.List(sql, row => row.GetString(0));
    }

    private SqliteSession Open() => new(CheckedSqliteConnection.Open(File, SqliteAccess.ReadWrite));
}
