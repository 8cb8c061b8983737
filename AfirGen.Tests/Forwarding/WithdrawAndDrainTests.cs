using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Tests.Stack;
using static AfirGen.Tests.Registry.RegistryStack;

namespace AfirGen.Tests.Forwarding;

/// <summary>Taking a row back, and emptying the outbox within a time. The registry is scripted.</summary>
public sealed class WithdrawAndDrainTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task G8_with_a_scripted_registry_that_was_certainly_not_reached_a_row_can_be_withdrawn()
    {
        await using var stack = new ForwarderStack();
        stack.Registry.Next(ScriptedRegistry.Away);
        var delivery = await stack.DraftAsync("a");
        await Assert.ThrowsAsync<TimeoutException>(() => stack.Forwarder.DrainAsync(Cancellation));

        Assert.True(await stack.Forwarder.TryWithdrawAsync(delivery, Patience, Cancellation));

        await stack.Forwarder.DrainAsync(Cancellation);
        Assert.Empty(stack.Registry.Committed);
        Assert.Equal(0, (await stack.BacklogAsync()).Depth);
    }

    [Fact]
    public async Task With_a_scripted_registry_a_drain_asks_it_although_the_breaker_is_open()
    {
        await using var stack = new ForwarderStack();
        stack.Registry.Otherwise = _ => throw new RegistryUnavailableException("away", outcomeUnknown: false);
        await stack.StartAsync();
        await stack.DraftAsync("a");
        await stack.AdvanceUntilAsync(() => !stack.Breakers.Database.IsClosed, "the breaker opens");
        stack.Registry.Otherwise = _ => { };

        await stack.Forwarder.DrainAsync(Cancellation);

        Assert.Equal(0, (await stack.BacklogAsync()).Depth);
    }

    [Fact]
    public async Task G8_withdrawing_frees_the_idempotency_key_of_the_row_in_the_same_commit()
    {
        await using var stack = new ForwarderStack();
        var delivery = await stack.DraftAsync("a");
        var scope = new IdempotencyScope("local", "/authenticate", "key", "hash");
        await stack.Journal.WriteAsync(
            db =>
            {
                IdempotencyTable.Put(db, scope, new(scope.Route, "hash", "a", delivery.OutboxId, null, null, null, Rows.At));
                return true;
            },
            Cancellation
        );

        Assert.True(await stack.Forwarder.TryWithdrawAsync(delivery, Patience, Cancellation));

        Assert.Null(await stack.Journal.ReadAsync(db => IdempotencyTable.Find(db, scope), Cancellation));
    }

    [Fact]
    public async Task G8_with_a_scripted_registry_that_has_committed_a_row_is_not_withdrawn_although_its_mark_failed()
    {
        await using var stack = new ForwarderStack();
        stack.OnRecord = _ => throw new JournalDiskFullException();
        var delivery = await stack.DraftAsync("a");
        await Assert.ThrowsAsync<JournalDiskFullException>(() => stack.Forwarder.DrainAsync(Cancellation));

        Assert.False(await stack.Forwarder.TryWithdrawAsync(delivery, Patience, Cancellation));

        stack.OnRecord = _ => { };
        await stack.Forwarder.DrainAsync(Cancellation);
        Assert.True(await stack.Forwarder.TryWithdrawAsync(delivery, Patience, Cancellation) is false, "it is delivered");
        Assert.Equal(0, (await stack.BacklogAsync()).Depth);
    }

    [Fact]
    public async Task G8_with_a_scripted_registry_whose_answer_was_lost_a_row_is_not_withdrawn()
    {
        await using var stack = new ForwarderStack();
        // Being away afterwards makes the first attempt no more certain.
        stack.Registry.Next(stack.Registry.AnswerLost, ScriptedRegistry.Away);
        var delivery = await stack.DraftAsync("a");
        await Assert.ThrowsAsync<TimeoutException>(() => stack.Forwarder.DrainAsync(Cancellation));
        await Assert.ThrowsAsync<TimeoutException>(() => stack.Forwarder.DrainAsync(Cancellation));

        Assert.False(await stack.Forwarder.TryWithdrawAsync(delivery, Patience, Cancellation));

        await stack.Forwarder.DrainAsync(Cancellation);
        Assert.IsType<Recorded>(await delivery.Outcome.WaitAsync(Patience, Cancellation));
    }

    [Fact]
    public async Task G8_with_a_scripted_registry_in_the_middle_of_a_delivery_a_row_is_not_withdrawn()
    {
        await using var stack = new ForwarderStack();
        var release = new TaskCompletionSource();
        stack.Registry.Next((_, _) => release.Task);
        await stack.StartAsync();
        var delivery = await stack.DraftAsync("a");
        await Eventually.TrueAsync(() => stack.Registry.Attempts.Count == 1, "the delivery is under way");

        Assert.False(await stack.Forwarder.TryWithdrawAsync(delivery, TimeSpan.Zero, Cancellation));

        release.SetResult();
        Assert.IsType<Recorded>(await delivery.Outcome.WaitAsync(Patience, Cancellation));
    }

    [Fact]
    public async Task With_a_scripted_registry_a_delivered_row_is_not_withdrawn()
    {
        await using var stack = new ForwarderStack();
        await stack.StartAsync();
        var delivery = await stack.DraftAsync("a");
        await delivery.Outcome.WaitAsync(Patience, Cancellation);

        Assert.False(await stack.Forwarder.TryWithdrawAsync(delivery, Patience, Cancellation));
    }

    [Fact]
    public async Task A_drain_delivers_everything_that_waits()
    {
        await using var stack = new ForwarderStack(new() { MaxBatchSize = 2 });
        await stack.PutAsync([.. Enumerable.Range(0, 5).Select(i => Draft($"s{i}"))]);

        await stack.Forwarder.DrainAsync(Cancellation);

        Assert.Equal(5, stack.Registry.Committed.Count);
        Assert.Equal(0, (await stack.BacklogAsync()).Depth);
    }

    [Fact]
    public async Task A_drain_with_a_scripted_registry_that_hangs_ends_in_time_and_says_what_is_left()
    {
        await using var stack = new ForwarderStack();
        stack.Registry.Next((_, token) => Task.Delay(Timeout.Infinite, token));
        await stack.PutAsync(Draft("a"), Draft("b"));
        var drain = stack.Forwarder.DrainAsync(Cancellation);
        await Eventually.TrueAsync(() => stack.Registry.Attempts.Count == 1, "the delivery is under way");

        stack.Clock.Advance(stack.Options.DrainTimeout - TimeSpan.FromMilliseconds(1));
        Assert.False(drain.IsCompleted);
        stack.Clock.Advance(TimeSpan.FromMilliseconds(1));

        var left = await Assert.ThrowsAsync<TimeoutException>(() => drain.WaitAsync(Patience, Cancellation));
        Assert.StartsWith("2 outbox rows were not delivered", left.Message, StringComparison.Ordinal);
        await stack.Forwarder.DrainAsync(Cancellation);
        Assert.Equal(2, stack.Registry.Committed.Count);
    }

    [Fact]
    public async Task A_drain_with_a_scripted_registry_delivers_what_it_can_past_a_poison_row_and_says_what_is_left()
    {
        await using var stack = new ForwarderStack();
        stack.Registry.Otherwise = changes =>
        {
            if (changes.Any(c => c.SessionId == "poison"))
            {
                throw new InvalidOperationException("a constraint of the registry");
            }
        };
        await stack.PutAsync(Draft("a"), Draft("poison"), Draft("b"));

        var left = await Assert.ThrowsAsync<TimeoutException>(() => stack.Forwarder.DrainAsync(Cancellation));

        Assert.StartsWith("1 outbox rows were not delivered", left.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], stack.Registry.Committed.Select(c => c.SessionId));
    }
}
