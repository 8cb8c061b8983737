using System.Diagnostics;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Bench.Baselines;
using AfirGen.Bench.Load;
using AfirGen.Bench.Machines;
using AfirGen.Tests.Stack;

namespace AfirGen.Bench.Scenarios;

/// <summary>The journal's one writer against a connection and a transaction a request: same rows, same schema, both synced.</summary>
internal sealed class GroupCommit : IScenario
{
    private const int TargetClients = 32;
    private static readonly SessionIds Ids = new();
    private static long _next;

    public string Name => "journal";

    public async Task RunAsync(BenchOptions options, ResultTable results)
    {
        using var ourFolder = new TemporaryFolder();
        using var theirFolder = new TemporaryFolder();
        using var ours = new JournalOfItsOwn(ourFolder.Path);
        using var schema = new JournalOfItsOwn(theirFolder.Path);
        using var theirs = new ConnectionPerRequest(schema.File);
        await OurRoundAsync(ours, 16, TimeSpan.FromSeconds(0.3)); // compiled before anything counts
        await TheirRoundAsync(schema, theirs.Write, 4, TimeSpan.FromSeconds(0.3));

        foreach (var clients in (int[])[1, 16, TargetClients, 64, 256])
        {
            var rounds = new List<Round>();
            for (var round = 0; round < (clients is 1 or TargetClients ? options.Rounds : 1); round++)
            {
                rounds.Add(
                    new(
                        await OurRoundAsync(ours, clients, options.Window),
                        await TheirRoundAsync(schema, theirs.Write, clients, options.Window),
                        clients == 1 ? await TheirRoundAsync(schema, theirs.WriteOnHeld, clients, options.Window) : null
                    )
                );
            }

            Report(results, clients, rounds);
        }
    }

    private static void Report(ResultTable results, int clients, List<Round> rounds)
    {
        var rate = Figures.PerSecond(Figures.Median(rounds, r => r.Ours.Rate));
        var against = Figures.PerSecond(Figures.Median(rounds, r => r.Theirs.Rate));
        var ratio = Figures.Median(rounds, r => r.Ours.Rate / r.Theirs.Rate);
        var what = $"commits, {clients} clients, against a connection a request";
        if (clients == TargetClients)
        {
            results.AtLeast(what, rate, against, ratio, 15);
            results.AtMost(
                $"p99, {clients} clients, against its worst case",
                Figures.Milliseconds(Figures.Median(rounds, r => r.Ours.Percentile(99))),
                Figures.Milliseconds(Figures.Median(rounds, r => r.Theirs.Worst)),
                Figures.Median(rounds, r => r.Ours.Percentile(99) / r.Theirs.Worst),
                1.0 / 50
            );
        }
        else
        {
            results.Add(what, rate, against, ratio);
        }

        if (clients == 1)
        {
            results.AtMost(
                "p50, 1 client, against a connection a request",
                Figures.Milliseconds(Figures.Median(rounds, r => r.Ours.Percentile(50))),
                Figures.Milliseconds(Figures.Median(rounds, r => r.Theirs.Percentile(50))),
                Figures.Median(rounds, r => r.Ours.Percentile(50) / r.Theirs.Percentile(50)),
                1
            );
            results.AtMost(
                "p50, 1 client, against a connection that is held open",
                Figures.Milliseconds(Figures.Median(rounds, r => r.Ours.Percentile(50))),
                Figures.Milliseconds(Figures.Median(rounds, r => r.Held!.Percentile(50))),
                Figures.Median(rounds, r => r.Ours.Percentile(50) / r.Held!.Percentile(50)),
                1
            );
        }
    }

    private static async Task<LoadResult> OurRoundAsync(JournalOfItsOwn journal, int clients, TimeSpan window)
    {
        var result = await ClosedLoop.RunAsync(
            clients,
            window,
            async worker =>
            {
                var rows = NewRows();
                var started = Stopwatch.GetTimestamp();
                await journal.WriteAsync(rows, rows.Session.SessionId);
                worker.Answered(rows.Session.SessionId, started);
            }
        );
        return result.ReadBack(await journal.SessionsAsync());
    }

    private static async Task<LoadResult> TheirRoundAsync(
        JournalOfItsOwn schema,
        Action<ComplaintRows, string> write,
        int clients,
        TimeSpan window
    )
    {
        var result = await ClosedLoop.RunBlockingAsync(
            clients,
            window,
            worker =>
            {
                var rows = NewRows();
                var started = Stopwatch.GetTimestamp();
                write(rows, rows.Session.SessionId);
                worker.Answered(rows.Session.SessionId, started);
            }
        );
        return result.ReadBack(await schema.SessionsAsync());
    }

    private static ComplaintRows NewRows()
    {
        var id = Ids.Next();
        return ComplaintRows.New(id, $"FIR-{id[..8]}-{Interlocked.Increment(ref _next):00000000000000}");
    }

    /// <param name="Held">On a connection that stays open; with one client only.</param>
    private sealed record Round(LoadResult Ours, LoadResult Theirs, LoadResult? Held);
}
