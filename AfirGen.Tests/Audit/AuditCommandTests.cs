using System.Text.Json.Nodes;
using AfirGen.Api.Audit;
using AfirGen.Api.Sqlite;
using AfirGen.Tests.Backup;
using AfirGen.Tests.Stack;
using Microsoft.Data.Sqlite;

namespace AfirGen.Tests.Audit;

/// <summary><c>AfirGen.Api audit</c>: what it lists, and that it finds whatever was done to the log.</summary>
public sealed class AuditCommandTests
{
    private const string Unlocked =
        "DROP TRIGGER audit_log_is_chained; DROP TRIGGER audit_log_never_changes; DROP TRIGGER audit_log_is_never_deleted;";

    [Fact]
    public async Task It_lists_by_time_key_subject_and_action_beside_the_running_service()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        var first = await Journeys.CompleteAsync(stack.Client);
        var second = (await stack.Client.ProcessAsync("Another complaint")).RequireOk();

        var all = await ListAsync(stack);
        Assert.Equal(Enumerable.Range(1, all.Count), all.Select(r => (int)r!["seq"]!));
        Assert.All(
            await ListAsync(stack, "--subject", first["fir_number"]),
            r => Assert.Equal(first["fir_number"], r!["subject"]!.ToString())
        );
        Assert.Equal(5, (await ListAsync(stack, "--action", "approve")).Count);
        Assert.Equal(all.Count, (await ListAsync(stack, "--key", "local")).Count);
        Assert.Empty(await ListAsync(stack, "--key", "nobody"));
        Assert.Equal(2, (await ListAsync(stack, "--action", "process", "--from", "2020-01-01")).Count);
        Assert.Empty(await ListAsync(stack, "--to", all[0]!["at"]!.ToString()));
        Assert.Equal(second["fir_number"], Assert.Single(await ListAsync(stack, "--limit", "1"))!["subject"]!.ToString());
        var lines = (await ServiceCommand.RunAsync(stack, "audit", "--limit", "2")).RequireOk().Output.Trim().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Matches($"^Right, all of it, up to {all.Count}:[0-9a-f]{{64}}$", lines[2]);
    }

    [Theory]
    [InlineData("a\n       9  2026-11-26T08:30:00.0000000Z  meera             -                 drain")]
    [InlineData("a\r\u001b[2K\u009b1A")]
    [InlineData("a\u2028b\u202ec")]
    public async Task A_record_is_one_line_whatever_stands_in_it(string subject)
    {
        await using var stack = await StoppedAsync();
        using (var db = new SqliteSession(CheckedSqliteConnection.Open(stack.Stores.JournalFile, SqliteAccess.ReadWrite)))
        {
            AuditTable.Append(db, "2026-11-26T08:30:00.0000000Z", AuditEntry.OfService(AuditActions.Drain, subject, "requested"));
        }

        var lines = (await ServiceCommand.RunAsync(stack, "audit", "--limit", "1")).RequireOk().Output.TrimEnd('\n').Split('\n');

        Assert.Equal(2, lines.Length);
        Assert.Contains("  a\ufffd", lines[0], StringComparison.Ordinal);
        Assert.DoesNotMatch(@"[\p{Cc}\u2028\u2029\u202a-\u202e]", lines[0]);
        var record = Assert.Single(await ListAsync(stack, "--limit", "1"));
        Assert.Equal(subject, record!["subject"]!.ToString()); // to a program it is told as it is
    }

    [Theory]
    [InlineData("UPDATE audit_log SET key_name = 'somebody else' WHERE seq = 2", "record 2 was altered")]
    [InlineData("UPDATE audit_log SET at = '2020-01-01T00:00:00.0000000Z' WHERE seq = 3", "record 3 was altered")]
    [InlineData("DELETE FROM audit_log WHERE seq = 2", "record 2 is missing")]
    [InlineData("DELETE FROM audit_log WHERE seq = 1", "record 1 is missing")]
    [InlineData("UPDATE audit_log SET previous_hash = zeroblob(32) WHERE seq = 2", "record 2 does not follow")]
    [InlineData("UPDATE audit_log SET hash = zeroblob(32) WHERE seq = 2", "record 2 was altered")]
    [InlineData("UPDATE audit_log SET seq = 100 WHERE seq = 4", "record 4 is missing")]
    public async Task G6_whatever_is_altered_moved_or_removed_is_found_at_its_place(string damage, string found)
    {
        await using var stack = await StoppedAsync();
        Stores.Tamper(stack.Stores.JournalFile, Unlocked + damage);

        var result = await ServiceCommand.RunAsync(stack, "audit");

        Assert.Equal(BackupDesk.Damaged, result.ExitCode);
        Assert.Contains(found, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE FROM audit_log WHERE seq > 3", "the log ends at 3")]
    [InlineData("DELETE FROM audit_log", "the log ends at 0")]
    public async Task G6_an_end_that_was_cut_off_is_found_by_a_head_that_was_noted(string damage, string found)
    {
        await using var stack = await StoppedAsync();
        var head = (await ServiceCommand.RunAsync(stack, "audit", "--json")).RequireOk().Json()["head"]!.ToString();
        (await ServiceCommand.RunAsync(stack, "audit", "--noted", head)).RequireOk();
        Stores.Tamper(stack.Stores.JournalFile, Unlocked + damage);

        var result = await ServiceCommand.RunAsync(stack, "audit", "--noted", head);

        Assert.Equal(BackupDesk.Damaged, result.ExitCode);
        Assert.Contains(found, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE audit_log SET outcome = 'x'", "append-only")]
    [InlineData("DELETE FROM audit_log", "append-only")]
    [InlineData("DELETE FROM audit_log WHERE seq = 1", "append-only")]
    [InlineData(
        "INSERT INTO audit_log SELECT seq + 1, at, key_id, key_name, roles, action, subject, outcome, address, zeroblob(32), zeroblob(32) FROM audit_log ORDER BY seq DESC LIMIT 1",
        "must follow"
    )]
    [InlineData(
        "INSERT INTO audit_log SELECT seq + 2, at, key_id, key_name, roles, action, subject, outcome, address, hash, zeroblob(32) FROM audit_log ORDER BY seq DESC LIMIT 1",
        "must follow"
    )]
    public async Task The_database_itself_takes_records_at_the_end_only_and_gives_none_back(string sql, string message)
    {
        await using var stack = await StoppedAsync();

        var refused = Assert.Throws<SqliteException>(() => Stores.Tamper(stack.Stores.JournalFile, sql));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G6_a_backup_with_a_broken_audit_log_is_not_stored()
    {
        using var desk = new BackupDesk();
        await using var stack = await StoppedAsync();
        Stores.Tamper(stack.Stores.JournalFile, Unlocked + "UPDATE audit_log SET key_name = 'somebody else' WHERE seq = 2");

        var result = await desk.RunAsync(stack, "backup");

        Assert.Equal(BackupDesk.Damaged, result.ExitCode);
        Assert.Contains("the audit log is broken: record 2 was altered", result.Error, StringComparison.Ordinal);
        Assert.Empty(desk.Stored);
    }

    private static async Task<EmbeddedStack> StoppedAsync()
    {
        var stack = await EmbeddedStack.StartAsync();
        await Journeys.CompleteAsync(stack.Client);
        Assert.Equal(0, await stack.StopApiAsync());
        return stack;
    }

    private static async Task<JsonArray> ListAsync(EmbeddedStack stack, params string[] arguments) =>
        (await ServiceCommand.RunAsync(stack, ["audit", "--json", .. arguments])).RequireOk().Json()["records"]!.AsArray();
}
