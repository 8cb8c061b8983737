using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using AfirGen.Bench.Load;
using AfirGen.Bench.Machines;
using AfirGen.Tests.Stack;

namespace AfirGen.Bench.Scenarios;

/// <summary>Start to ready, recovery after a kill, stop, and the first 503 of a drain.</summary>
internal sealed class StartsAndStops : IScenario
{
    private const int Pending = 10_000;
    private const int DrainClients = 32;

    public string Name => "starts";

    public async Task RunAsync(BenchOptions options, ResultTable results)
    {
        await ReportStartsAsync(options, results);
        await ReportRecoveryAsync(results);
        await ReportDrainAsync(options, results);
    }

    private static async Task ReportStartsAsync(BenchOptions options, ResultTable results)
    {
        int[] counts = [0, 10_000, options.Quick ? 20_000 : 1_000_000];
        var services = counts.Select(_ => new ServiceUnderLoad()).ToArray();
        try
        {
            foreach (var (service, count) in services.Zip(counts))
            {
                if (count > 0)
                {
                    StoreSeed.Sessions(service.Folder, count);
                }
            }

            var starts = counts.Select(_ => new List<double>()).ToArray();
            var stops = new List<double>();
            for (var round = 0; round <= options.Rounds; round++)
            {
                for (var i = 0; i < counts.Length; i++)
                {
                    var clock = Stopwatch.StartNew();
                    await services[i].StartAsync();
                    starts[i].Add(clock.Elapsed.TotalMilliseconds);
                    clock.Restart();
                    await services[i].Api.StopAsync();
                    stops.Add(clock.Elapsed.TotalMilliseconds);
                }
            }

            var none = Figures.Median(starts[0].Skip(1)); // the first start creates the stores
            results.Add("start to ready after a clean stop, no sessions", Figures.Milliseconds(none));
            for (var i = 1; i < counts.Length; i++)
            {
                var with = Figures.Median(starts[i].Skip(1));
                var what = string.Create(
                    CultureInfo.InvariantCulture,
                    $"start to ready after a clean stop, {counts[i]:#,0} sessions, against none"
                );
                results.AtMost(what, Figures.Milliseconds(with), Figures.Milliseconds(none), with / none, 2);
            }

            await ReportAfterKillAsync(services[0], services[^1], counts[^1], results);
            results.AtMost("idle stop", Figures.Milliseconds(Figures.Median(stops)), "", Figures.Median(stops), 1000, " ms");
        }
        finally
        {
            foreach (var service in services)
            {
                await service.DisposeAsync();
            }
        }
    }

    /// <summary>Then the stores are checked whole before anything may write to them.</summary>
    private static async Task ReportAfterKillAsync(ServiceUnderLoad none, ServiceUnderLoad many, int count, ResultTable results)
    {
        var starts = new List<double>();
        foreach (var service in (ServiceUnderLoad[])[none, many])
        {
            await service.StartAsync();
            await service.Api.KillAsync();
            var clock = Stopwatch.StartNew();
            await service.StartAsync();
            starts.Add(clock.Elapsed.TotalMilliseconds);
            await service.Api.StopAsync();
        }

        results.Add(
            string.Create(CultureInfo.InvariantCulture, $"start to ready after a kill, {count:#,0} sessions, against none"),
            Figures.Milliseconds(starts[1]),
            Figures.Milliseconds(starts[0]),
            starts[1] / starts[0]
        );
    }

    /// <summary>A round without any has missed the target.</summary>
    private static double FirstRefusal(long told, ConcurrentQueue<long> refused) =>
        refused.IsEmpty ? double.PositiveInfinity
        : refused.Min() is var first && first < told ? throw new InvalidOperationException("Refused before the signal.")
        : Stopwatch.GetElapsedTime(told, first).TotalMilliseconds;

    private static async Task ReportRecoveryAsync(ResultTable results)
    {
        await using var none = new ServiceUnderLoad();
        await none.StartAsync();
        await none.Api.KillAsync();
        var bare = Stopwatch.StartNew();
        await none.StartAsync();
        var bareStart = bare.Elapsed;

        await using var service = new ServiceUnderLoad();
        StoreSeed.Sessions(service.Folder, Pending, outbox: true);
        await File.WriteAllTextAsync(Path.Combine(service.Folder, "running"), "killed\n");
        var clock = Stopwatch.StartNew();
        await service.StartAsync();
        var ready = clock.Elapsed;
        await service.WaitForEmptyOutboxAsync();
        var extra = (clock.Elapsed - bareStart).TotalMilliseconds;
        results.AtMost(
            string.Create(
                CultureInfo.InvariantCulture,
                $"recovery after a kill, {Pending:#,0} outbox rows: all delivered, beyond a bare start"
            ),
            Figures.Milliseconds(extra),
            $"ready after {Figures.Milliseconds(ready.TotalMilliseconds)}, bare {Figures.Milliseconds(bareStart.TotalMilliseconds)}",
            extra,
            1000,
            " ms"
        );
    }

    private static async Task ReportDrainAsync(BenchOptions options, ResultTable results)
    {
        var firsts = new List<double>();
        var drains = new List<double>();
        for (var round = 0; round < options.Rounds; round++)
        {
            await using var service = await ServiceUnderLoad.StartNewAsync(warmUp: TimeSpan.FromSeconds(1));
            var refused = new ConcurrentQueue<long>();
            var load = service.LoadWhileAsync(
                DrainClients,
                () => !service.Api.HasExited,
                async (worker, connection) =>
                {
                    try
                    {
                        var due = Stopwatch.GetTimestamp();
                        var reply = await connection.SendAsync(WireRequest.Process(Complaint.Text("drain"), $"{worker.Index}-{due:x}"));
                        if (reply.Status == (int)HttpStatusCode.OK)
                        {
                            worker.Answered(WireRequest.SessionIdOf(reply), due);
                        }
                        else if (reply.Status == (int)HttpStatusCode.ServiceUnavailable)
                        {
                            refused.Enqueue(Stopwatch.GetTimestamp());
                        }
                    }
                    catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
                    {
                        connection.Dispose(); // it does not listen any more
                        await Task.Delay(10);
                    }
                }
            );
            await Task.Delay(options.Window);
            var told = Stopwatch.GetTimestamp();
            service.Api.Signal(ApiProcess.SigTerm);
            await service.Api.WaitForExitAsync();
            drains.Add(Stopwatch.GetElapsedTime(told).TotalMilliseconds);
            await service.ReadBackAsync([await load]); // nobody who was answered was cut off
            firsts.Add(FirstRefusal(told, refused));
        }

        results.AtMost(
            $"first 503 after SIGTERM, {DrainClients} clients",
            Figures.Milliseconds(Figures.Median(firsts)),
            "",
            Figures.Median(firsts),
            50,
            " ms"
        );
        results.Add($"drain, {DrainClients} clients: SIGTERM to the end of the process", Figures.Milliseconds(Figures.Median(drains)));
    }
}
