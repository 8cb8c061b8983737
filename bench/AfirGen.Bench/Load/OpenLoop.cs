using System.Diagnostics;
using System.Threading.Channels;

namespace AfirGen.Bench.Load;

/// <summary>
/// Requests that come at a fixed rate whether or not the earlier ones are answered. Latency counts from the moment at which a request was
/// due, so a service that stalls cannot hide the requests that would have been sent meanwhile (coordinated omission).
/// </summary>
internal static class OpenLoop
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    /// <param name="request">Sends one request, which was due at the given timestamp.</param>
    public static async Task<LoadResult> RunAsync(double rate, int connections, TimeSpan duration, Func<LoadWorker, long, Task> request)
    {
        LoadWorker[] workers = [.. Enumerable.Range(0, connections).Select(index => new LoadWorker(index))];
        var due = Channel.CreateUnbounded<long>(new() { SingleWriter = true });
        var running = workers.Select(worker =>
            Task.Run(async () =>
            {
                await foreach (var at in due.Reader.ReadAllAsync())
                {
                    await request(worker, at);
                }
            })
        );
        var all = Task.WhenAll(running);
        var start = Stopwatch.GetTimestamp();
        await ScheduleAsync(due.Writer, start, rate, (long)(rate * duration.TotalSeconds));
        await all;
        return LoadWorker.Sum(workers, Stopwatch.GetElapsedTime(start));
    }

    private static async Task ScheduleAsync(ChannelWriter<long> due, long start, double rate, long count)
    {
        var ticksPerRequest = Stopwatch.Frequency / rate;
        using var timer = new PeriodicTimer(Tick);
        for (long next = 0; next < count; )
        {
            await timer.WaitForNextTickAsync();
            var now = Stopwatch.GetTimestamp();
            for (; next < count && start + (long)(next * ticksPerRequest) <= now; next++)
            {
                await due.WriteAsync(start + (long)(next * ticksPerRequest));
            }
        }

        due.Complete();
    }
}
