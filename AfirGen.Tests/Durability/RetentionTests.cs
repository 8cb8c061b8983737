using AfirGen.Api.Durability;
using AfirGen.Api.Journal;
using AfirGen.Tests.Stack;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AfirGen.Tests.Durability;

/// <summary>What is old is deleted in small commits, what still counts stays.</summary>
public sealed class RetentionTests : IDisposable
{
    private const int Old = (3 * Retention.RowsPerCommit) + 1;
    private readonly JournalStack _stack = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _stack.Dispose();

    [Fact]
    public async Task All_old_delivered_rows_go_in_one_round_and_none_that_waits_or_is_young()
    {
        var (longAgo, lately) = (Days(-3), Days(-1));
        await PutOutboxAsync(longAgo, longAgo, Old / 2);
        await PutOutboxAsync(longAgo, null, Retention.RowsPerCommit + 1); // parked for days: a whole page of them hides nothing behind it
        await PutOutboxAsync(longAgo, longAgo, Old - (Old / 2));
        await PutOutboxAsync(longAgo, lately, 5); // waited for the registry until yesterday
        await PutOutboxAsync(lately, lately, 5);

        await NewRetention().DeleteOldAsync(() => true, Cancellation);

        Assert.Equal(0, _stack.Stores.JournalCount($"outbox WHERE delivered_at = '{longAgo}'"));
        Assert.Equal(Retention.RowsPerCommit + 1, _stack.Stores.JournalCount("outbox WHERE delivered_at IS NULL"));
        Assert.Equal(10, _stack.Stores.JournalCount($"outbox WHERE delivered_at = '{lately}'"));
    }

    [Fact]
    public async Task G3_all_old_answers_go_in_small_commits_and_the_younger_ones_stay()
    {
        await PutAnswersAsync("old", Days(-3), Old);
        await PutAnswersAsync("young", Days(-1), 5);
        var before = _stack.Metrics.Of("afirgen_commit_batch_size").Count;

        await NewRetention().DeleteOldAsync(() => true, Cancellation);

        Assert.Equal(5, _stack.Stores.JournalCount("idempotency"));
        Assert.Equal(4, _stack.Metrics.Of("afirgen_commit_batch_size").Count - before);
    }

    [Fact]
    public async Task A_drain_ends_the_round()
    {
        await PutAnswersAsync("old", Days(-3), Old);
        var asked = 0;

        await NewRetention().DeleteOldAsync(() => asked++ == 0, Cancellation);

        Assert.Equal(Old - Retention.RowsPerCommit, _stack.Stores.JournalCount("idempotency"));
    }

    private Retention NewRetention() => new(_stack.Store, Options.Create(new HousekeepingOptions()), _clock);

    private string Days(int days) => JournalStore.Stamp(_clock.GetUtcNow().AddDays(days));

    private Task<bool> PutOutboxAsync(string createdAt, string? deliveredAt, int count) =>
        _stack.Store.WriteAsync(
            db =>
            {
                for (var i = 0; i < count; i++)
                {
                    var id = OutboxTable.Insert(db, "s", OutboxTable.Draft, "{}", createdAt);
                    if (deliveredAt is not null)
                    {
                        OutboxTable.MarkDelivered(db, id, true, deliveredAt);
                    }
                }

                return true;
            },
            Cancellation
        );

    private Task<bool> PutAnswersAsync(string name, string createdAt, int count) =>
        _stack.Store.WriteAsync(
            db =>
            {
                for (var i = 0; i < count; i++)
                {
                    var scope = new IdempotencyScope("local", "/process", $"{name}-{i}", "hash");
                    IdempotencyTable.Put(db, scope, new(scope.Route, "hash", null, null, 200, "{}", [], createdAt));
                }

                return true;
            },
            Cancellation
        );
}
