using AfirGen.Api.Audit;
using AfirGen.Api.Sqlite;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Audit;

/// <summary>The journal of a build that had no audit log yet.</summary>
public sealed class CreateAuditLogTests : IDisposable
{
    private const long OlderSchema = 202611260010;
    private readonly JournalFile _older = new();
    private readonly JournalFile _new = new();

    [Fact]
    public void G1_a_journal_of_before_keeps_its_rows_and_records_from_now_on()
    {
        _older.MigrateTo(OlderSchema);
        using (var before = _older.Open())
        {
            Assert.False(AuditTable.Exists(before));
            Rows.Insert("s")(before);
        }

        _older.Migrate();

        using var db = _older.Open();
        Assert.Equal("FIR-s", db.Scalar<string>("SELECT fir_number FROM session_rows"));
        AuditTable.Append(db, Rows.At, AuditEntry.OfService(AuditActions.Process, "FIR-s", "version 1"));
        var verified = AuditChain.Verify(db);
        Assert.Equal((1, null), (verified.Head.Sequence, verified.Fault));
    }

    [Fact]
    public void By_way_of_the_build_before_the_journal_comes_to_the_schema_of_a_new_one()
    {
        _older.MigrateTo(OlderSchema);

        _older.Migrate();

        _new.Migrate();
        Assert.Equal(Schema(_new), Schema(_older));
        Assert.Contains(Schema(_new), line => line.StartsWith("trigger audit_log_never_changes ", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _older.Dispose();
        _new.Dispose();
    }

    private static List<string> Schema(JournalFile file)
    {
        using var db = file.Open();
        return
        [
            .. db.List("SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_schema ORDER BY 1", row => row.GetString(0)),
            .. db.List("SELECT CAST(Version AS TEXT) FROM VersionInfo ORDER BY Version", row => row.GetString(0)),
        ];
    }
}
