using AfirGen.Api.Durability;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Reliability;
using AfirGen.Tests.Stack;
using static AfirGen.Tests.Registry.RegistryStack;

namespace AfirGen.Tests.Forwarding;

/// <summary>The way from the journal to the registry. The registry is scripted: how the real ones behave is tested elsewhere.</summary>
public sealed class OutboxForwarderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_a_scripted_registry_rows_arrive_in_order_and_in_batches()
    {
        await using var stack = new ForwarderStack(new() { MaxBatchSize = 3 });
        var deliveries = await stack.PutAsync([.. Enumerable.Range(0, 7).Select(i => Draft($"s{i}"))]);

        await stack.StartAsync();
        await Task.WhenAll(deliveries.Select(d => d.Outcome)).WaitAsync(Patience, Cancellation);

        Assert.Equal([3, 3, 1], stack.Registry.Attempts.Select(a => a.Changes.Count));
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"s{i}"), stack.Registry.Committed.Select(c => c.SessionId));
        await Eventually.TrueAsync(async () => (await stack.BacklogAsync()).Depth == 0, "every row is marked");
        await Eventually.TrueAsync(() => stack.Metrics.Sum("afirgen_outbox_delivered") == 7, "they are counted");
    }

    [Fact]
    public async Task With_a_scripted_registry_the_next_batch_is_delivered_while_the_mark_of_the_last_one_is_under_way()
    {
        await using var stack = new ForwarderStack(new() { MaxBatchSize = 2 });
        using var release = new ManualResetEventSlim();
        stack.OnRecord = _ => release.Wait(Patience);
        var deliveries = await stack.PutAsync(Draft("a"), Draft("b"), Draft("c"), Draft("d"));
        await stack.StartAsync();

        await Task.WhenAll(deliveries.Select(d => d.Outcome)).WaitAsync(Patience, Cancellation);

        Assert.Equal(["a", "b", "c", "d"], stack.Registry.Committed.Select(c => c.SessionId)); // none of them twice
        Assert.Equal(4, (await stack.BacklogAsync()).Depth);
        release.Set();
        await Eventually.TrueAsync(async () => (await stack.BacklogAsync()).Depth == 0, "every row is marked");
        Assert.Equal(4, stack.Registry.Committed.Count);
    }

    [Fact]
    public async Task G3_with_a_scripted_registry_rows_whose_mark_failed_are_delivered_again_and_marked()
    {
        await using var stack = new ForwarderStack(new() { MaxBatchSize = 1 });
        var failed = 0;
        // Twice: the journal runs a batch that failed once more before it gives the unit up.
        stack.OnRecord = row => _ = row.SessionId == "a" && failed++ < 2 ? throw new JournalDiskFullException() : true;
        await stack.PutAsync(Draft("a"), Draft("b"));
        await stack.StartAsync();

        await stack.AdvanceUntilAsync(() => stack.Registry.Committed.Count(c => c.SessionId == "a") == 2, "the row comes again");

        await Eventually.TrueAsync(async () => (await stack.BacklogAsync()).Depth == 0, "every row is marked");
    }

    /// <summary>The journal may run a batch twice, and the second time the row may have the number that another one had the first time.</summary>
    [Fact]
    public async Task G1_with_a_scripted_registry_a_caller_whose_row_got_another_number_is_not_confirmed_by_the_old_one()
    {
        await using var stack = new ForwarderStack(new() { MaxBatchSize = 1 });
        var release = new TaskCompletionSource();
        stack.Registry.Next((_, _) => Task.CompletedTask, (_, _) => release.Task);
        await stack.PutAsync(Draft("another"), Draft("its own"));
        var delivery = new PendingDelivery();
        stack.Forwarder.Expect(1, delivery);
        stack.Forwarder.Expect(2, delivery);

        await stack.StartAsync();
        await Eventually.TrueAsync(() => stack.Registry.Attempts.Count == 2, "the first row is through");

        var confirmedByTheOldOne = delivery.Outcome.IsCompleted;
        release.SetResult(); // before anything can fail: the stack's end waits for the registry
        Assert.False(confirmedByTheOldOne);
        await delivery.Outcome.WaitAsync(Patience, Cancellation);
    }

    [Fact]
    public async Task With_a_scripted_registry_nothing_is_delivered_before_the_start_says_so()
    {
        await using var stack = new ForwarderStack();
        await stack.Forwarder.StartAsync(Cancellation);
        var delivery = await stack.DraftAsync("early");

        Assert.Empty(stack.Registry.Attempts);
        stack.Forwarder.Begin();

        await delivery.Outcome.WaitAsync(Patience, Cancellation);
    }

    [Fact]
    public async Task G1_with_a_scripted_registry_a_caller_is_confirmed_only_after_the_registry_has_committed()
    {
        await using var stack = new ForwarderStack();
        var release = new TaskCompletionSource();
        stack.Registry.Next((_, _) => release.Task);
        await stack.StartAsync();
        var delivery = await stack.DraftAsync("a");
        await Eventually.TrueAsync(() => stack.Registry.Attempts.Count == 1, "the delivery is under way");

        Assert.False(delivery.Outcome.IsCompleted);
        release.SetResult();

        Assert.IsType<Recorded>(await delivery.Outcome.WaitAsync(Patience, Cancellation));
        Assert.Single(stack.Registry.Committed);
    }

    [Fact]
    public async Task G3_with_a_scripted_registry_a_registration_is_confirmed_only_after_the_journal_has_its_answer()
    {
        await using var stack = new ForwarderStack();
        using var release = new ManualResetEventSlim();
        var marking = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stack.OnRecord = row =>
        {
            marking.TrySetResult();
            release.Wait(Patience);
        };
        await stack.StartAsync();
        var deliveries = await stack.PutAsync(Draft("a"), Pending("a"), Registration("a"));
        await marking.Task.WaitAsync(Patience, Cancellation);

        await Task.WhenAll(deliveries[0].Outcome, deliveries[1].Outcome).WaitAsync(Patience, Cancellation);
        Assert.False(deliveries[2].Outcome.IsCompleted);
        release.Set();

        Assert.IsType<Registered>(await deliveries[2].Outcome.WaitAsync(Patience, Cancellation));
        Assert.Equal(0, (await stack.BacklogAsync()).Depth);
    }

    [Fact]
    public async Task With_a_scripted_registry_that_is_away_the_pauses_grow_and_everything_arrives_when_it_is_back()
    {
        await using var stack = new ForwarderStack();
        stack.Registry.Next([.. Enumerable.Repeat(ScriptedRegistry.Away, 4)]);
        await stack.StartAsync();
        var delivery = await stack.DraftAsync("a");

        await stack.AdvanceUntilAsync(() => delivery.Outcome.IsCompleted, "the row arrives");

        var times = stack.Registry.Attempts.Select(a => a.At).ToList();
        var pauses = times.Zip(times.Skip(1), (a, b) => b - a).ToList();
        Assert.Equal(4, pauses.Count);
        var expected = stack.Options.MaxBackOff / 50;
        foreach (var pause in pauses)
        {
            Assert.True(pause >= expected * 0.75, $"{pause} is shorter than three quarters of {expected}");
            expected *= 2;
        }

        Assert.Single(stack.Registry.Committed);
        Assert.Equal(4, stack.Metrics.Sum("afirgen_outbox_failures"));
    }

    [Fact]
    public async Task G3_with_a_scripted_registry_whose_answer_is_lost_the_rows_are_delivered_again()
    {
        await using var stack = new ForwarderStack();
        stack.Registry.Next(stack.Registry.AnswerLost);
        await stack.StartAsync();
        var delivery = await stack.DraftAsync("a");

        await stack.AdvanceUntilAsync(() => delivery.Outcome.IsCompleted, "the row is confirmed");

        Assert.Equal(["a", "a"], stack.Registry.Committed.Select(c => c.SessionId));
    }

    [Fact]
    public async Task With_a_scripted_registry_a_poison_row_is_parked_with_its_session_and_the_others_pass()
    {
        await using var stack = new ForwarderStack();
        stack.Registry.Otherwise = RefusePoison;
        List<RegistryChange> changes = [.. Enumerable.Range(0, 20).Select(i => Draft($"s{i}"))];
        changes.InsertRange(15, [Draft("poison"), Pending("poison")]);
        var deliveries = await stack.PutAsync([.. changes]);

        await stack.StartAsync();
        await stack.AdvanceUntilAsync(() => deliveries.Count(d => d.Outcome.IsCompleted) == 20, "the others pass");

        Assert.False(deliveries[15].Outcome.IsCompleted);
        Assert.False(deliveries[16].Outcome.IsCompleted);
        await Eventually.TrueAsync(async () => (await stack.BacklogAsync()).Depth == 2, "what was delivered is marked");
        Assert.DoesNotContain(stack.Registry.Committed, c => c.SessionId == "poison");
        // The batch fails as a whole only once: with a pause after every failure, each more would hold up all others.
        Assert.Equal(
            "22" + string.Concat(Enumerable.Repeat(" 1", 21)),
            string.Join(' ', stack.Registry.Attempts.Select(a => a.Changes.Count))
        );
        Assert.Equal(2, stack.Metrics.Sum("afirgen_outbox_failures"));
    }

    [Fact]
    public async Task With_a_scripted_registry_a_row_that_cannot_be_read_is_parked_and_the_others_pass()
    {
        await using var stack = new ForwarderStack();
        await stack.Journal.WriteAsync(db => OutboxTable.Insert(db, "damaged", OutboxTable.Draft, "[]", Rows.At), Cancellation);
        var delivery = await stack.DraftAsync("a");

        await stack.StartAsync();

        await stack.AdvanceUntilAsync(() => delivery.Outcome.IsCompleted, "the other one passes");
    }

    [Fact]
    public async Task With_a_scripted_registry_a_parked_session_with_many_rows_does_not_fill_the_batch()
    {
        await using var stack = new ForwarderStack(new() { MaxBatchSize = 1 });
        stack.Registry.Otherwise = RefusePoison;
        var deliveries = await stack.PutAsync(Draft("poison"), Pending("poison"), Pending("poison"), Draft("a"));

        await stack.StartAsync();

        await stack.AdvanceUntilAsync(() => deliveries[3].Outcome.IsCompleted, "the other one passes");
    }

    [Fact]
    public async Task With_a_scripted_registry_poison_rows_do_not_open_the_breaker()
    {
        await using var stack = new ForwarderStack();
        stack.Registry.Otherwise = _ => throw new InvalidOperationException("a constraint of the registry");
        await stack.PutAsync([.. Enumerable.Range(0, 2 * NamedCircuitBreaker.Threshold).Select(i => Draft($"s{i}"))]);

        await stack.StartAsync();
        await stack.AdvanceUntilAsync(() => stack.Registry.Attempts.Count > 2 * NamedCircuitBreaker.Threshold, "each was tried alone");

        Assert.Equal(("closed", 0), (stack.Breakers.Database.Status.State, stack.Breakers.Database.Status.FailureCount));
    }

    [Fact]
    public async Task With_a_scripted_registry_and_nothing_to_deliver_it_is_asked_until_it_is_back()
    {
        await using var stack = new ForwarderStack();
        stack.Registry.OnProbe = () => throw new RegistryUnavailableException("away", outcomeUnknown: false);
        await stack.StartAsync();
        await stack.AdvanceUntilAsync(() => stack.Registry.Probed >= 3, "it is asked again and again");
        Assert.Equal((false, "away"), (stack.Link.State.Connected, stack.Link.State.Reason));

        stack.Registry.OnProbe = null;
        await stack.AdvanceUntilAsync(() => stack.Link.State.Connected, "it is back");
    }

    [Fact]
    public async Task With_a_scripted_registry_that_answers_and_cannot_commit_only_a_delivery_says_that_it_is_back()
    {
        await using var stack = new ForwarderStack();
        stack.Registry.Otherwise = _ => throw new RegistryUnavailableException("its disk is full", outcomeUnknown: false);
        await stack.StartAsync();
        var delivery = await stack.DraftAsync("a");
        await stack.AdvanceUntilAsync(() => stack.Registry.Attempts.Count >= 3, "it is tried again and again");
        Assert.Equal((false, "its disk is full"), (stack.Link.State.Connected, stack.Link.State.Reason));

        stack.Registry.Otherwise = _ => { };
        await stack.AdvanceUntilAsync(() => delivery.Outcome.IsCompleted, "it is delivered");
        Assert.True(stack.Link.State.Connected);
    }

    [Fact]
    public async Task With_a_scripted_registry_a_probe_says_that_it_is_away_and_never_that_it_is_back()
    {
        await using var stack = new ForwarderStack();
        var readiness = new ServiceReadiness();
        readiness.Ready();
        var probe = new DatabaseProbe(stack.Registry, stack.Link, readiness);

        Assert.True(await probe.ProbeAsync(Cancellation));
        Assert.False(stack.Link.State.Connected);

        stack.Link.Report(true, null);
        stack.Registry.OnProbe = () => throw new RegistryUnavailableException("away", outcomeUnknown: false);
        await Assert.ThrowsAsync<RegistryUnavailableException>(() => probe.ProbeAsync(Cancellation));
        Assert.Equal((false, "away"), (stack.Link.State.Connected, stack.Link.State.Reason));
    }

    [Fact]
    public async Task With_a_scripted_registry_a_breaker_that_closes_ends_the_pause()
    {
        await using var stack = new ForwarderStack();
        stack.Registry.Otherwise = _ => throw new RegistryUnavailableException("away", outcomeUnknown: false);
        await stack.StartAsync();
        var delivery = await stack.DraftAsync("a");
        await stack.AdvanceUntilAsync(() => !stack.Breakers.Database.IsClosed, "the breaker opens");

        stack.Registry.Otherwise = _ => { };
        await stack.Breakers.Database.ResetAsync();

        await delivery.Outcome.WaitAsync(Patience, Cancellation); // the clock stands still
    }

    private static void RefusePoison(IReadOnlyList<RegistryChange> changes)
    {
        if (changes.Any(c => c.SessionId == "poison"))
        {
            throw new InvalidOperationException("a constraint of the registry");
        }
    }
}
