using AfirGen.Api.Journal;
using AfirGen.Tests.Stack;
using Microsoft.Data.Sqlite;

namespace AfirGen.Tests.Journal;

/// <summary>What the writer refuses, and what it stops for.</summary>
public sealed class WriterLimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_queue_refuses_and_the_queue_stays_bounded()
    {
        using var stack = new JournalStack(new() { MaxQueueLength = 2 });
        var held = await stack.HoldWriterAsync();
        var first = stack.Store.WriteAsync(Rows.Insert("1"), Cancellation);
        var second = stack.Store.WriteAsync(Rows.Insert("2"), Cancellation);

        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<JournalQueueFullException>(() => stack.Store.WriteAsync(Rows.Insert("3"), Cancellation));
        }

        Assert.Equal(2, stack.Metrics.Of("afirgen_writer_queue_depth")[^1]);
        Assert.Equal(3, stack.Metrics.Sum("afirgen_journal_refused", "reason=queue_full"));
        held.Release();
        await Task.WhenAll(first, second);
        await stack.Store.WriteAsync(Rows.Insert("3"), Cancellation);
        Assert.Equal(3, stack.Stores.JournalCount("session_rows"));
    }

    [Fact]
    public async Task G5_sealed_the_writer_refuses_new_work_and_still_commits_what_was_queued()
    {
        using var stack = new JournalStack();
        var held = await stack.HoldWriterAsync();
        var queued = Enumerable.Range(0, 3).Select(i => stack.Store.WriteAsync(Rows.Insert($"s{i}"), Cancellation)).ToList();

        var sealing = Task.Run(stack.Store.Seal, Cancellation);
        await Eventually.TrueAsync(() => IsClosedAsync(stack.Store), "the writer refuses");
        Assert.False(sealing.IsCompleted);
        held.Release();
        await sealing;

        Assert.All(await Task.WhenAll(queued), Assert.True);
        Assert.Equal(3, stack.Stores.JournalCount("session_rows"));
        await Assert.ThrowsAsync<JournalClosedException>(() => stack.Store.FlushAsync(Cancellation));
    }

    [Fact]
    public async Task G8_another_programs_lock_refuses_the_batch_and_the_next_one_works()
    {
        using var stack = new JournalStack();
        using var other = new SqliteConnection($"Data Source={stack.Stores.JournalFile};Pooling=false");
        await other.OpenAsync(Cancellation);
        Execute(other, "BEGIN IMMEDIATE");

        await Assert.ThrowsAsync<JournalBusyException>(() => stack.Store.WriteAsync(Rows.Insert("busy"), Cancellation));

        Execute(other, "ROLLBACK");
        await stack.Store.WriteAsync(Rows.Insert("free"), Cancellation);
        Assert.Equal(["free"], stack.Stores.Journal("SELECT session_id FROM session_rows", row => row.GetString(0)));
        Assert.Equal(1, stack.Metrics.Sum("afirgen_tx_rollback", "reason=busy"));
        Assert.Empty(stack.Fatal.Stops);
    }

    [Fact]
    public async Task G8_a_full_disk_refuses_the_whole_batch_and_heals_by_itself()
    {
        using var stack = new JournalStack();
        var held = await stack.HoldWriterAsync();
        var neighbour = stack.Store.WriteAsync(Rows.Insert("neighbour"), Cancellation);
        var full = stack.Store.WriteAsync<bool>(_ => throw new SqliteException("database or disk is full", 13), Cancellation);

        held.Release();

        await Assert.ThrowsAsync<JournalDiskFullException>(() => full);
        await Assert.ThrowsAsync<JournalDiskFullException>(() => neighbour);
        Assert.Equal(0, stack.Stores.JournalCount("session_rows"));
        Assert.Equal(2, stack.Metrics.Sum("afirgen_tx_rollback", "reason=disk_full"));
        await stack.Store.WriteAsync(Rows.Insert("neighbour"), Cancellation);
        Assert.Empty(stack.Fatal.Stops);
    }

    [Theory]
    [InlineData(10)] // I/O error, a failed fsync
    [InlineData(11)] // corrupt
    [InlineData(26)] // not a database
    [InlineData(8)] // read-only
    public async Task G8_an_error_of_the_disk_stops_the_process_and_answers_nobody(int code)
    {
        using var stack = new JournalStack();
        var held = await stack.HoldWriterAsync();
        var neighbour = stack.Store.WriteAsync(Rows.Insert("neighbour"), Cancellation);
        var failing = stack.Store.WriteAsync<bool>(_ => throw new SqliteException("disk I/O error", code), Cancellation);

        held.Release();

        var cause = Assert.IsType<SqliteException>(await stack.Fatal.Stopped.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        Assert.Equal(code, cause.SqliteErrorCode);
        Assert.False(neighbour.IsCompleted);
        Assert.False(failing.IsCompleted);
        Assert.Equal(0, stack.Stores.JournalCount("session_rows"));
    }

    private static async Task<bool> IsClosedAsync(JournalStore store)
    {
        try
        {
            // Cancelled at once when it is queued after all, so that it leaves no row.
            using var caller = new CancellationTokenSource();
            var write = store.WriteAsync(_ => true, caller.Token);
            await caller.CancelAsync();
            await write.ContinueWith(_ => { }, Cancellation, TaskContinuationOptions.None, TaskScheduler.Default);
            return false;
        }
        catch (JournalClosedException)
        {
            return true;
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
