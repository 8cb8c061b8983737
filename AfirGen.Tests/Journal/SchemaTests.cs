using System.Text.Json.Nodes;
using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Journal;
using AfirGen.Api.Sqlite;
using AfirGen.Tests.Stack;
using Microsoft.Data.Sqlite;

namespace AfirGen.Tests.Journal;

/// <summary>What the database itself enforces, whatever the code above it does.</summary>
public sealed class SchemaTests : IDisposable
{
    private readonly JournalStack _stack = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _stack.Dispose();

    [Theory]
    [InlineData(1)] // again
    [InlineData(3)] // a gap
    [InlineData(0)]
    public async Task G4_events_are_gapless(long seq)
    {
        await InsertAsync("s", 1);

        await RefusedAsync(db => SessionTables.Append(db, "s", Rows.Event(seq)), "gapless");

        await _stack.Store.WriteAsync(db => Append(db, "s", 2), Cancellation);
        Assert.Equal([1, 2], _stack.Stores.Journal("SELECT seq FROM session_events ORDER BY seq", row => row.GetInt64(0)));
    }

    [Theory]
    [InlineData("UPDATE session_events SET at = 'x'")]
    [InlineData("UPDATE session_events SET content = '{}' WHERE seq = 2")]
    [InlineData("DELETE FROM session_events")]
    [InlineData("DELETE FROM session_events WHERE seq = 2")]
    public async Task Events_are_append_only(string sql)
    {
        await InsertAsync("s", 2);

        await RefusedAsync(db => db.Execute(sql), "append-only");

        Assert.Equal(2, _stack.Stores.JournalCount("session_events"));
    }

    [Fact]
    public async Task An_event_without_its_session_cannot_be_committed()
    {
        // The check is deferred, so only the COMMIT finds it: a defect that no request can cause, and nobody is told that it is stored.
        var orphan = _stack.Store.WriteAsync(db => Append(db, "nobody", 1), Cancellation);

        await _stack.Fatal.Stopped.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.False(orphan.IsCompleted);
        Assert.Equal(0, _stack.Stores.JournalCount("session_events"));
    }

    [Fact]
    public async Task The_old_tools_read_sessions_with_the_columns_they_know()
    {
        var at = new DateTimeOffset(2026, 10, 16, 4, 30, 0, TimeSpan.Zero);
        var change = SessionChange.New("s", "FIR-s-20261016043000", new(ComplaintSource.Text, "चोरी \"बैग\"\n👜", null), at);
        change.Add(new TranscriptDrafted("चोरी", "m", null), at.AddSeconds(1));
        change.Add(new StepApproved(ReviewStep.TranscriptReview), at.AddSeconds(2));
        await _stack.Store.WriteAsync(
            db =>
            {
                SessionStore.Write(db, change);
                return true;
            },
            Cancellation
        );

        var columns = _stack.Stores.Journal("SELECT name FROM pragma_table_info('sessions') ORDER BY cid", row => row.GetString(0));
        Assert.Equal(["session_id", "state", "status", "created_at", "last_activity", "validation_history"], columns[..6]);

        var row = Assert.Single(
            _stack.Stores.Journal("SELECT * FROM sessions", row => Enumerable.Range(0, 6).Select(row.GetString).ToList())
        );
        Assert.Equal(("s", "awaiting_validation"), (row[0], row[2]));
        Assert.Equal("चोरी \"बैग\"\n👜", JsonNode.Parse(row[1])!["original_text"]!.GetValue<string>());
        var history = JsonNode.Parse(row[5])!.AsArray();
        Assert.Equal(["complaint_received", "transcript_drafted", "step_approved"], history.Select(e => e!["kind"]!.GetValue<string>()));
        Assert.Equal("transcript_review", history[2]!["step"]!.GetValue<string>());
        Assert.Equal("चोरी \"बैग\"\n👜", history[0]!["content"]!["original_text"]!.GetValue<string>());
        Assert.Equal("2026-10-16T04:30:02.0000000Z", history[2]!["timestamp"]!.GetValue<string>());
    }

    /// <summary>The writer does this for each registration: reading all answers that are kept would hold up every commit.</summary>
    [Theory]
    [InlineData("UPDATE idempotency SET status_code = 200, headers = '{}', body = NULL WHERE outbox_id = 1 AND status_code IS NULL")]
    [InlineData("DELETE FROM idempotency WHERE outbox_id = 1 AND status_code IS NULL")]
    public void An_answer_that_waits_for_the_registry_is_found_by_its_outbox_row(string statement) =>
        Assert.Contains(
            _stack.Stores.Journal($"EXPLAIN QUERY PLAN {statement}", row => row.GetString(3)),
            step => step.Contains("USING INDEX idempotency_open", StringComparison.Ordinal)
        );

    [Fact]
    public async Task The_validation_history_follows_the_events()
    {
        await InsertAsync("s", 1);
        await _stack.Store.WriteAsync(db => Append(db, "s", 2), Cancellation);

        var history = _stack.Stores.Journal("SELECT validation_history FROM sessions", row => row.GetString(0))[0];
        Assert.Equal(2, JsonNode.Parse(history)!.AsArray().Count);
        Assert.Throws<SqliteException>(() => Stores.Tamper(_stack.Stores.JournalFile, "UPDATE sessions SET validation_history = '[]'"));
    }

    [Theory]
    [InlineData("UPDATE session_rows SET status = 'done'")]
    [InlineData("UPDATE session_rows SET state = 'no json'")]
    [InlineData("UPDATE session_rows SET version = 0")]
    [InlineData("UPDATE session_rows SET version = 'x'")]
    [InlineData("INSERT INTO outbox (session_id, kind, payload, created_at) VALUES ('s', 'other', '{}', '')")]
    [InlineData("INSERT INTO outbox (session_id, kind, payload, created_at) VALUES ('s', 'draft', 'no json', '')")]
    [InlineData("INSERT INTO session_events (session_id, seq, content, at) VALUES ('s', 2, 'no json', '')")]
    [InlineData("INSERT INTO session_events (session_id, seq, content, at) VALUES ('s', 2, '{}', '')")]
    public async Task What_makes_no_sense_is_refused_by_the_database(string sql)
    {
        await InsertAsync("s", 1);

        await RefusedAsync(db => db.Execute(sql), "");
    }

    [Fact, Trait("Defect", "D-36")]
    public async Task A_session_id_that_exists_is_a_conflict_and_nothing_is_replaced()
    {
        var at = DateTimeOffset.UnixEpoch;
        var first = SessionChange.New("s", "FIR-1", new(ComplaintSource.Text, "first", null), at);
        var second = SessionChange.New("s", "FIR-2", new(ComplaintSource.Text, "second", null), at);
        await _stack.Store.WriteAsync(db => Write(db, first), Cancellation);

        await Assert.ThrowsAsync<SessionConflictException>(() => _stack.Store.WriteAsync(db => Write(db, second), Cancellation));

        Assert.Equal(
            ["FIR-1|first"],
            _stack.Stores.Journal("SELECT fir_number || '|' || (state ->> 'original_text') FROM session_rows", row => row.GetString(0))
        );
        Assert.Equal(1, _stack.Stores.JournalCount("session_events"));
    }

    [Fact]
    public async Task A_fir_number_that_exists_is_a_conflict_too()
    {
        var first = SessionChange.New("a", "FIR-1", new(ComplaintSource.Text, "first", null), DateTimeOffset.UnixEpoch);
        var second = SessionChange.New("b", "FIR-1", new(ComplaintSource.Text, "second", null), DateTimeOffset.UnixEpoch);
        await _stack.Store.WriteAsync(db => Write(db, first), Cancellation);

        await Assert.ThrowsAsync<SessionConflictException>(() => _stack.Store.WriteAsync(db => Write(db, second), Cancellation));
    }

    [Fact]
    public async Task Migrating_again_changes_nothing_and_keeps_every_row()
    {
        await InsertAsync("s", 2);
        var schema = Schema();
        var versions = _stack.Stores.JournalCount("VersionInfo");
        _stack.Store.Dispose();

        using (var again = _stack.NewStore(new()))
        {
            again.Open();
            await again.WriteAsync(Rows.Insert("t"), Cancellation);
        }

        Assert.Equal(schema, Schema());
        Assert.Equal(2, _stack.Stores.JournalCount("session_rows"));
        Assert.Equal(versions, _stack.Stores.JournalCount("VersionInfo"));
    }

    [Fact]
    public void Migrations_only_go_forward()
    {
        var migrations = typeof(Migrations).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(SqlMigration))).ToList();

        Assert.NotEmpty(migrations);
        Assert.All(migrations, m => Assert.True(m.IsSubclassOf(typeof(FluentMigrator.ForwardOnlyMigration)), m.Name));
    }

    private List<string> Schema() =>
        _stack.Stores.Journal("SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_schema ORDER BY 1", r => r.GetString(0));

    private Task<bool> InsertAsync(string id, int events) =>
        _stack.Store.WriteAsync(
            db =>
            {
                Rows.Insert(id)(db);
                return Enumerable.Range(1, events).All(seq => Append(db, id, seq));
            },
            Cancellation
        );

    private async Task RefusedAsync(Action<SqliteSession> change, string message)
    {
        var refused = await Assert.ThrowsAsync<SqliteException>(() =>
            _stack.Store.WriteAsync(
                db =>
                {
                    change(db);
                    return true;
                },
                Cancellation
            )
        );
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    private static bool Append(SqliteSession db, string sessionId, long seq)
    {
        SessionTables.Append(db, sessionId, Rows.Event(seq));
        return true;
    }

    private static bool Write(SqliteSession db, SessionChange change)
    {
        SessionStore.Write(db, change);
        return true;
    }
}
