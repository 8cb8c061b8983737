using AfirGen.Api.Journal;
using AfirGen.Api.Sqlite;
using AfirGen.Tests.Stack;
using Microsoft.Data.Sqlite;

namespace AfirGen.Tests.Journal;

/// <summary>The write-ahead log stays small, and a flush that did not finish says so.</summary>
public sealed class CheckpointTests
{
    private const int Mebibyte = 1024 * 1024;
    private static readonly string Large = $"\"{new string('x', 100 * 1024)}\"";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_idle_writer_moves_the_log_into_the_file()
    {
        using var stack = new JournalStack();
        await WriteAsync(stack, "a", 15);

        await Eventually.TrueAsync(() => Length(stack.Stores.JournalFile) > Mebibyte, "the idle checkpoint has run");
        Assert.Equal(15, stack.Stores.JournalCount("session_rows"));
    }

    [Fact]
    public async Task A_writer_that_is_never_idle_keeps_its_log_bounded()
    {
        using var stack = new JournalStack(new() { MaxWalMebibytes = 1 });
        long written = 0;
        double log = 0;
        // How far it overshoots is up to how long the copying takes; without a new beginning it is as long as what was written.
        for (var round = 0; round < 20 || (log > written / 4 && round < 100); round++)
        {
            // One batch for each round, larger than the limit, so that the log overshoots it every time.
            var held = await stack.HoldWriterAsync();
            var writes = WriteAsync(stack, $"r{round}-", 40);
            held.Release();
            await writes;
            written += 40 * Large.Length;
            log = stack.Metrics.Of("afirgen_wal_bytes")[^1];
        }

        Assert.InRange(log, 1, written / 4);
        Assert.InRange(Length(stack.Stores.JournalFile), written / 2, written * 2);
    }

    /// <summary>Each write alone and large: after the copying there is always something that only the log has, unless the writer sees to it.</summary>
    [Fact]
    public async Task A_log_that_is_copied_beside_the_writer_begins_anew_all_the_same()
    {
        using var stack = new JournalStack(new() { MaxWalMebibytes = 1 });
        for (var i = 0; i < 400; i++)
        {
            await WriteAsync(stack, $"w{i}-", 1);
        }

        // 40 MiB were written one by one: without a new beginning they would all be in the log.
        Assert.InRange(Length(stack.Stores.JournalFile + "-wal"), Mebibyte, 12 * Mebibyte);
        Assert.Equal(400, stack.Stores.JournalCount("session_rows"));
    }

    [Fact]
    public async Task A_flush_right_behind_a_log_that_is_being_copied_finishes()
    {
        using var stack = new JournalStack(new() { MaxWalMebibytes = 1 });
        for (var round = 0; round < 5; round++)
        {
            await WriteAsync(stack, $"f{round}-", 300); // so much that it is not copied before the flush comes
            await stack.Store.FlushAsync(Cancellation);
            Assert.Equal(0, Length(stack.Stores.JournalFile + "-wal"));
        }
    }

    /// <summary>Whoever still writes while the service stops: the check of the ledger, a note of the audit log, an expiry that had begun.</summary>
    [Fact]
    public async Task G8_nothing_is_written_behind_the_last_flush()
    {
        using var stack = new JournalStack();
        var held = await stack.HoldWriterAsync();
        var before = WriteAsync(stack, "before", 5);
        var flushed = stack.Store.FlushAndSealAsync(Cancellation);
        await Assert.ThrowsAsync<JournalClosedException>(() => stack.Store.WriteAsync(Rows.Insert("behind"), Cancellation));
        await Assert.ThrowsAsync<JournalClosedException>(() => stack.Store.WriteOwnWithNextAsync(Rows.Insert("behind")));
        held.Release();

        await flushed;
        await before;
        Assert.Equal(0, Length(stack.Stores.JournalFile + "-wal"));
        Assert.Equal(5, stack.Stores.JournalCount("session_rows"));
        await Assert.ThrowsAsync<JournalClosedException>(() => stack.Store.FlushAndSealAsync(Cancellation));
    }

    /// <summary>A copy that made the file anew would hide from the writer that it writes to a deleted one.</summary>
    [Fact]
    public void G1_a_connection_beside_the_writer_never_makes_a_deleted_file_anew()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("gone.db");

        Assert.Throws<SqliteException>(() => CheckedSqliteConnection.Open(path, SqliteAccess.ReadWriteExisting));
        Assert.False(File.Exists(path));
    }

    [Fact, Trait("Defect", "D-26")]
    public async Task A_flush_that_a_reader_keeps_from_finishing_fails_and_loses_nothing()
    {
        using var stack = new JournalStack();
        await stack.Store.WriteAsync(Rows.Insert("old"), Cancellation);
        await using var reader = new SqliteConnection($"Data Source={stack.Stores.JournalFile};Pooling=false");
        await reader.OpenAsync(Cancellation);
        await using var snapshot = reader.BeginTransaction(deferred: true);
        await using var command = reader.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM session_rows";
        Assert.Equal(1L, await command.ExecuteScalarAsync(Cancellation));
        await stack.Store.WriteAsync(Rows.Insert("new"), Cancellation);

        await Assert.ThrowsAsync<IOException>(() => stack.Store.FlushAsync(Cancellation));
        Assert.Equal(2, stack.Stores.JournalCount("session_rows"));

        await snapshot.RollbackAsync(Cancellation);
        await stack.Store.FlushAsync(Cancellation);
        Assert.Equal(0, Length(stack.Stores.JournalFile + "-wal"));
        Assert.Equal(2, stack.Stores.JournalCount("session_rows"));
    }

    [Fact]
    public async Task A_read_that_fails_leaves_no_snapshot_behind_that_would_hold_up_a_flush()
    {
        using var stack = new JournalStack(new() { Readers = 1 });
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            stack.Store.ReadAsync<bool>(
                db =>
                {
                    db.Execute("BEGIN");
                    db.Scalar<long>("SELECT COUNT(*) FROM session_rows");
                    throw new InvalidOperationException("a defect in the reading code");
                },
                Cancellation
            )
        );
        await stack.Store.WriteAsync(Rows.Insert("new"), Cancellation);

        await stack.Store.FlushAsync(Cancellation);
        Assert.Equal(1, await stack.Store.ReadAsync(db => db.Scalar<long>("SELECT COUNT(*) FROM session_rows"), Cancellation));
    }

    private static Task<bool[]> WriteAsync(JournalStack stack, string prefix, int rows) =>
        Task.WhenAll(Enumerable.Range(0, rows).Select(i => stack.Store.WriteAsync(Rows.Insert($"{prefix}{i}", Large), Cancellation)));

    private static long Length(string path) => new FileInfo(path).Length;
}
