using System.Diagnostics;

namespace AfirGen.Bench.Load;

/// <summary>Clients that send the next request when the last one is answered.</summary>
internal static class ClosedLoop
{
    /// <param name="request">Sends one request and tells the worker what became of it.</param>
    public static Task<LoadResult> RunAsync(int clients, TimeSpan duration, Func<LoadWorker, Task> request)
    {
        var clock = Stopwatch.StartNew();
        return RunAsync(clients, () => clock.Elapsed < duration, request);
    }

    /// <param name="more">Asked before each request.</param>
    public static async Task<LoadResult> RunAsync(int clients, Func<bool> more, Func<LoadWorker, Task> request)
    {
        LoadWorker[] workers = [.. Enumerable.Range(0, clients).Select(index => new LoadWorker(index))];
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(
            workers.Select(worker =>
                Task.Run(async () =>
                {
                    while (more())
                    {
                        await request(worker);
                    }
                })
            )
        );
        return LoadWorker.Sum(workers, clock.Elapsed);
    }

    /// <summary>The same on threads of their own, for clients that block.</summary>
    public static async Task<LoadResult> RunBlockingAsync(int clients, TimeSpan duration, Action<LoadWorker> request)
    {
        LoadWorker[] workers = [.. Enumerable.Range(0, clients).Select(index => new LoadWorker(index))];
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(
            workers.Select(worker =>
                Task.Factory.StartNew(
                    () =>
                    {
                        while (clock.Elapsed < duration)
                        {
                            request(worker);
                        }
                    },
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
            )
        );
        return LoadWorker.Sum(workers, clock.Elapsed);
    }
}
