using AfirGen.ServiceDefaults.Draining;
using FsCheck;
using FsCheck.Fluent;

namespace AfirGen.Tests.Properties;

/// <summary>The counter that a drain trusts, against a plain number and a flag.</summary>
public sealed class InFlightProperties
{
    private const int Kinds = 5;
    private const int Threads = 3;

    [Fact]
    public void G5_any_sequence_of_entries_exits_drains_and_resumes_counts_right() =>
        ForAll.Of(
            ArbMap.Default.ArbFor<PositiveInt[]>(),
            steps =>
            {
                var requests = new InFlightRequests();
                var (inside, draining) = (0, false);
                foreach (var step in steps)
                {
                    switch (step.Get % Kinds)
                    {
                        case 0 or 1:
                            Assert.Equal(!draining, requests.TryEnter());
                            inside += draining ? 0 : 1;
                            break;
                        case 2 when inside > 0:
                            requests.Exit();
                            inside--;
                            break;
                        case 2:
                            Assert.Throws<InvalidOperationException>(requests.Exit);
                            break;
                        case 3:
                            Assert.Equal(inside, requests.BeginDrain());
                            draining = true;
                            break;
                        default:
                            requests.Resume();
                            draining = false;
                            break;
                    }

                    Assert.Equal((inside, draining), (requests.Count, requests.IsDraining));
                    Assert.Equal(inside == 0, requests.WaitForIdleAsync(CancellationToken.None).IsCompleted);
                }
            }
        );

    /// <summary>Several threads, each with its own random steps: what came in and did not go out is what is counted, and idle is seen.</summary>
    [Fact]
    public void G5_any_interleaving_ends_with_the_right_count_and_wakes_who_waits_for_idle() =>
        ForAll.Of(
            ArbMap.Default.ArbFor<PositiveInt[]>().Generator.ArrayOf(Threads).ToArbitrary(),
            programs =>
            {
                var requests = new InFlightRequests();
                Assert.True(requests.TryEnter()); // keeps the waiter waiting until all threads are through
                var held = new int[Threads];
                Parallel.For(
                    0,
                    Threads,
                    thread =>
                    {
                        foreach (var step in programs[thread])
                        {
                            switch (step.Get % Kinds)
                            {
                                case 0 or 1:
                                    held[thread] += requests.TryEnter() ? 1 : 0;
                                    break;
                                case 2 when held[thread] > 0:
                                    requests.Exit();
                                    held[thread]--;
                                    break;
                                case 3:
                                    requests.BeginDrain();
                                    break;
                                case 4:
                                    requests.Resume();
                                    break;
                            }
                        }
                    }
                );
                Assert.Equal(1 + held.Sum(), requests.Count);
                requests.BeginDrain();
                var idle = requests.WaitForIdleAsync(CancellationToken.None);
                for (var left = 1 + held.Sum(); left > 0; left--)
                {
                    Assert.False(idle.IsCompleted);
                    requests.Exit();
                }

                Assert.True(idle.Wait(TimeSpan.FromSeconds(10)));
            },
            count: 300
        );
}
