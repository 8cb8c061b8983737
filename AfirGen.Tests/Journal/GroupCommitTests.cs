using AfirGen.Api.Journal;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Journal;

/// <summary>One writer, one COMMIT for everything that waits.</summary>
public sealed class GroupCommitTests : IDisposable
{
    private const string BatchSize = "afirgen_commit_batch_size";
    private readonly JournalStack _stack = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _stack.Dispose();

    [Fact]
    public async Task One_commit_covers_everything_that_waited()
    {
        var held = await _stack.HoldWriterAsync();
        var waiting = Enumerable.Range(0, 10).Select(i => _stack.Store.WriteAsync(Rows.Insert($"s{i}"), Cancellation)).ToList();

        held.Release();
        await Task.WhenAll(waiting);

        Assert.Equal([1, 10], _stack.Metrics.Of(BatchSize));
        Assert.Equal(2, _stack.Metrics.Of("afirgen_commit_seconds").Count);
        Assert.Equal(11, _stack.Metrics.Sum("afirgen_ack"));
        Assert.Equal(10, _stack.Stores.JournalCount("session_rows"));
    }

    [Fact]
    public async Task A_write_that_can_wait_shares_the_commit_of_the_next_one()
    {
        using var stack = new JournalStack(new() { SharedCommitDelay = TimeSpan.FromMinutes(10) });
        var first = stack.Store.WriteOwnWithNextAsync(Rows.Insert("first"));
        await Eventually.TrueAsync(() => stack.Metrics.Of("afirgen_writer_queue_depth")[^1] == 0, "the writer has taken it");
        var second = stack.Store.WriteOwnWithNextAsync(Rows.Insert("second"));

        await stack.Store.WriteAsync(Rows.Insert("request"), Cancellation);
        await Task.WhenAll(first, second);

        Assert.Equal([3], stack.Metrics.Of(BatchSize));
        var last = stack.Store.WriteOwnWithNextAsync(Rows.Insert("last"));
        await stack.Store.FlushAsync(Cancellation); // a drain does not wait for company
        Assert.True(last.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_write_that_can_wait_and_stays_alone_gets_a_commit_of_its_own()
    {
        await _stack.Store.WriteOwnWithNextAsync(Rows.Insert("alone"));

        Assert.Equal([1], _stack.Metrics.Of(BatchSize));
    }

    [Fact]
    public async Task A_batch_is_never_larger_than_its_limit()
    {
        using var stack = new JournalStack(new() { MaxBatchSize = 4 });
        var held = await stack.HoldWriterAsync();
        var waiting = Enumerable.Range(0, 10).Select(i => stack.Store.WriteAsync(Rows.Insert($"s{i}"), Cancellation)).ToList();

        held.Release();
        await Task.WhenAll(waiting);

        Assert.Equal([1, 4, 4, 2], stack.Metrics.Of(BatchSize));
    }

    [Fact]
    public async Task G2_a_failing_unit_rolls_back_alone_and_its_neighbours_commit()
    {
        var held = await _stack.HoldWriterAsync();
        var before = _stack.Store.WriteAsync(Rows.Insert("before"), Cancellation);
        var rejected = _stack.Store.WriteAsync<bool>(
            db =>
            {
                Rows.Insert("rejected")(db);
                throw new UnitRejectedException("The race is lost.");
            },
            Cancellation
        );
        var defect = _stack.Store.WriteAsync(
            db =>
            {
                Rows.Insert("defect")(db);
                return Rows.Insert("before")(db); // the id exists
            },
            Cancellation
        );
        var after = _stack.Store.WriteAsync(Rows.Insert("after"), Cancellation);

        held.Release();

        Assert.True(await before);
        await Assert.ThrowsAsync<UnitRejectedException>(() => rejected);
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => defect);
        Assert.True(await after);
        Assert.Equal(["after", "before"], _stack.Stores.Journal("SELECT session_id FROM session_rows", row => row.GetString(0)));
        Assert.Equal([1, 2], _stack.Metrics.Of(BatchSize));
        Assert.Equal(1, _stack.Metrics.Sum("afirgen_tx_rollback", "reason=rejected"));
        Assert.Equal(1, _stack.Metrics.Sum("afirgen_tx_rollback", "reason=error"));
    }

    /// <summary>A batch in which nothing fails runs once; one in which something fails runs again, from the same state.</summary>
    [Theory]
    [InlineData(false, new long[] { 1 })]
    [InlineData(true, new long[] { 1, 1 })]
    public async Task G2_what_a_unit_did_before_its_neighbour_failed_is_not_kept(bool fails, long[] wanted)
    {
        var rows = new List<long>();
        var held = await _stack.HoldWriterAsync();
        var writes = _stack.Store.WriteAsync(
            db =>
            {
                rows.Add(OutboxTable.Insert(db, "s", OutboxTable.Draft, "{}", "2026-11-20T19:30:00.0000000Z"));
                return true;
            },
            Cancellation
        );
        var neighbour = _stack.Store.WriteAsync(_ => fails ? throw new UnitRejectedException("no") : true, Cancellation);

        held.Release();

        Assert.True(await writes);
        Assert.Equal(fails, await Record.ExceptionAsync(() => neighbour) is UnitRejectedException);
        Assert.Equal(wanted, rows);
        Assert.Equal(1, _stack.Stores.JournalCount("outbox"));
    }

    [Fact]
    public async Task G1_a_caller_hears_of_success_only_when_another_connection_sees_its_row()
    {
        var writes = Enumerable
            .Range(0, 40)
            .Select(async i =>
            {
                await _stack.Store.WriteAsync(Rows.Insert($"s{i}"), Cancellation);
                Assert.Single(
                    _stack.Stores.Journal("SELECT session_id FROM session_rows WHERE session_id = $1", row => row.GetString(0), $"s{i}")
                );
            });

        await Task.WhenAll(writes);
    }

    [Fact, Trait("Defect", "D-34")]
    public async Task Readers_never_see_what_is_not_committed()
    {
        var held = await _stack.HoldWriterAsync(db => Rows.Insert("half")(db));

        Assert.Null(await _stack.Store.ReadAsync(db => SessionTables.Find(db, "half"), Cancellation));
        Assert.Equal(0, _stack.Stores.JournalCount("session_rows"));

        held.Release();
        await held.Unit;
        Assert.NotNull(await _stack.Store.ReadAsync(db => SessionTables.Find(db, "half"), Cancellation));
    }

    [Fact, Trait("Defect", "D-34")]
    public async Task A_write_that_failed_is_never_seen()
    {
        await Assert.ThrowsAsync<UnitRejectedException>(() =>
            _stack.Store.WriteAsync<bool>(
                db =>
                {
                    Rows.Insert("failed")(db);
                    throw new UnitRejectedException("no");
                },
                Cancellation
            )
        );

        Assert.Null(await _stack.Store.ReadAsync(db => SessionTables.Find(db, "failed"), Cancellation));
    }

    [Fact]
    public async Task G5_cancelled_while_it_waits_a_write_has_no_effect()
    {
        using var caller = new CancellationTokenSource();
        var held = await _stack.HoldWriterAsync();
        var cancelled = _stack.Store.WriteAsync(Rows.Insert("cancelled"), caller.Token);

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        held.Release();
        await _stack.Store.WriteAsync(Rows.Insert("later"), Cancellation);

        Assert.Equal(["later"], _stack.Stores.Journal("SELECT session_id FROM session_rows", row => row.GetString(0)));
    }

    [Fact]
    public async Task G5_cancelled_after_the_writer_took_it_a_write_is_committed_and_says_so()
    {
        using var caller = new CancellationTokenSource();
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var release = new ManualResetEventSlim();
        var taken = _stack.Store.WriteAsync(
            db =>
            {
                running.SetResult();
                release.Wait(Cancellation);
                return Rows.Insert("taken")(db);
            },
            caller.Token
        );
        await running.Task;

        await caller.CancelAsync();
        Assert.False(taken.IsCompleted);
        release.Set();

        Assert.True(await taken);
        Assert.Equal(1, _stack.Stores.JournalCount("session_rows"));
    }

    [Fact]
    public async Task A_caller_that_was_cancelled_before_is_not_even_queued()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _stack.Store.WriteAsync(Rows.Insert("never"), new CancellationToken(canceled: true))
        );

        await _stack.Store.WriteAsync(Rows.Insert("next"), Cancellation);
        Assert.Equal(1, _stack.Stores.JournalCount("session_rows"));
    }
}
