using AfirGen.ServiceDefaults.Draining;

namespace AfirGen.Tests.Draining;

/// <summary>Alone: races need the processors for themselves to be close.</summary>
[CollectionDefinition(nameof(InFlightRequestsTests), DisableParallelization = true)]
[Collection(nameof(InFlightRequestsTests))]
public sealed class InFlightRequestsTests
{
    [Fact]
    [Trait("Defect", "D-22")]
    public async Task G5_the_drain_ends_only_when_all_requests_end_however_many_are_refused()
    {
        var requests = new InFlightRequests();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(requests.TryEnter());
        }

        Assert.Equal(3, requests.BeginDrain());
        var idle = requests.WaitForIdleAsync(TestContext.Current.CancellationToken);
        for (var refused = 0; refused < 10; refused++)
        {
            Assert.False(requests.TryEnter());
        }

        for (var left = 2; left >= 0; left--)
        {
            Assert.False(idle.IsCompleted);
            requests.Exit();
            Assert.Equal(left, requests.Count);
        }

        await idle.WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    [Trait("Defect", "D-22")]
    public void More_exits_than_entries_are_an_error_and_leave_the_count_at_zero()
    {
        var requests = new InFlightRequests();
        Assert.Throws<InvalidOperationException>(requests.Exit);
        requests.BeginDrain();
        Assert.Throws<InvalidOperationException>(requests.Exit);
        Assert.Equal(0, requests.Count);
        Assert.True(requests.IsDraining);
    }

    [Fact]
    [Trait("Defect", "D-22")]
    public async Task The_count_is_exact_under_many_threads_that_enter_leave_drain_and_resume_at_random()
    {
        var requests = new InFlightRequests();
        long inside = 0;
        long refusals = 0;
        var workers = Enumerable
            .Range(0, 8)
            .Select(seed =>
                Task.Factory.StartNew(
                    () =>
                    {
                        var random = new Random(seed);
                        var mine = 0;
                        for (var i = 0; i < 20_000; i++)
                        {
                            if (random.Next(2) == 0)
                            {
                                if (requests.TryEnter())
                                {
                                    Interlocked.Increment(ref inside);
                                    mine++;
                                }
                                else
                                {
                                    Interlocked.Increment(ref refusals);
                                }
                            }
                            else if (mine > 0)
                            {
                                // Left before it is counted out, so "inside" is never more than what the counter may say.
                                Interlocked.Decrement(ref inside);
                                requests.Exit();
                                mine--;
                            }

                            if (random.Next(500) == 0)
                            {
                                requests.BeginDrain();
                            }
                            else if (random.Next(100) == 0)
                            {
                                requests.Resume();
                            }

                            Assert.True(requests.Count >= mine);
                        }

                        return mine;
                    },
                    TestContext.Current.CancellationToken,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
            )
            .ToArray();
        var held = (await Task.WhenAll(workers)).Sum();

        Assert.Equal(inside, held);
        Assert.Equal(held, requests.Count);
        Assert.True(refusals > 0, "no interleaving with a drain was tried");
    }

    [Fact]
    [Trait("Defect", "D-22")]
    public async Task G5_nobody_comes_in_once_a_drain_has_seen_zero_however_closely_they_race()
    {
        var requests = new InFlightRequests();
        var closed = false;
        var over = false;
        long admitted = 0;
        long intruders = 0;
        var guests = Enumerable
            .Range(0, 2)
            .Select(_ =>
                Task.Factory.StartNew(
                    () =>
                    {
                        while (!Volatile.Read(ref over))
                        {
                            if (requests.TryEnter())
                            {
                                Thread.SpinWait(3);
                                Interlocked.Increment(ref admitted);
                                Interlocked.Add(ref intruders, Volatile.Read(ref closed) ? 1 : 0);
                                requests.Exit();
                            }
                        }
                    },
                    TestContext.Current.CancellationToken,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
            )
            .ToArray();

        var zeros = 0;
        using var patience = new CancellationTokenSource(DrainBench.Patience);
        // Both sides must have had their turns: on a busy machine the guests may not have been scheduled at all.
        while ((zeros < 100_000 || Interlocked.Read(ref admitted) < 100_000) && !patience.IsCancellationRequested)
        {
            // Zero in flight at the instant of closing: who is inside while "closed" stands was let in too late.
            if (requests.BeginDrain() == 0)
            {
                zeros++;
                Volatile.Write(ref closed, true);
                Thread.SpinWait(10);
                Volatile.Write(ref closed, false);
            }

            requests.Resume();
            Thread.SpinWait(zeros % 7);
        }

        Volatile.Write(ref over, true);
        await Task.WhenAll(guests);
        Assert.Equal(0, intruders);
        Assert.True(zeros > 0 && admitted > 0, $"{zeros} idle moments met {admitted} entries: nothing was raced");
    }

    [Fact]
    public async Task Waiting_for_idle_can_be_given_up_and_taken_up_again()
    {
        var requests = new InFlightRequests();
        Assert.True(requests.TryEnter());
        requests.BeginDrain();
        using var impatient = new CancellationTokenSource();
        var first = requests.WaitForIdleAsync(impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        var second = requests.WaitForIdleAsync(TestContext.Current.CancellationToken);
        var third = requests.WaitForIdleAsync(TestContext.Current.CancellationToken);
        requests.Exit();
        await Task.WhenAll(second, third).WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);
    }
}
