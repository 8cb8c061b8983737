using System.Collections.Concurrent;
using System.Diagnostics;
using AfirGen.Api.Registry.Ledger;
using AfirGen.Bench.Baselines;
using AfirGen.Bench.Load;
using AfirGen.Bench.Machines;

namespace AfirGen.Bench.Scenarios;

/// <summary>POST /authenticate (official serial, ledger entry, signed receipt) against clients that insert rows; and what an idempotency key costs.</summary>
internal sealed class Registrations : IScenario
{
    private const int Clients = 32;
    private const int KeyClients = 64;
    private const int LedgerEntries = 5000;

    public string Name => "registration";

    public async Task RunAsync(BenchOptions options, ResultTable results)
    {
        await using var server = await MySqlContainer.StartAsync(relaxed: false);
        await using var mysql = await ServiceUnderLoad.StartNewAsync(server);
        await using (var inserts = new RawInserts(server))
        {
            await RegisterAsync(mysql, options.Quick ? 64 : 640); // compiled
            var ours = new List<LoadResult>();
            var theirs = new List<LoadResult>();
            for (var round = 0; round < options.Rounds; round++)
            {
                ours.Add(await RegisterAsync(mysql, options.Quick ? 64 : 640));
                theirs.Add(await inserts.RunAsync(Clients, options.Window));
            }

            var found = await mysql.ReadBackAsync(ours, registered: true);
            results.AtLeast(
                $"MySQL, {Clients} clients, against a raw insert loop with as many",
                Figures.PerSecond(Figures.Median(found, r => r.Rate)),
                Figures.PerSecond(Figures.Median(theirs, r => r.Rate)),
                Figures.Median(found.Zip(theirs, (ours, theirs) => ours.Rate / theirs.Rate)),
                1
            );
            ReportLedger(Figures.Median(found, r => r.Rate), results);
        }

        await ReportKeysAsync(mysql, options, results);
    }

    /// <summary>What the chain adds to a registration: its hash over the whole FIR, on the processor of whoever holds the head of the ledger.</summary>
    private static void ReportLedger(double registrations, ResultTable results)
    {
        LedgerMilliseconds(); // compiled
        var milliseconds = LedgerMilliseconds();
        var all = 1000 / registrations;
        results.AtMost(
            "ledger entry, its bytes and their hash, as a share of a registration",
            $"{milliseconds:0.000} ms",
            Figures.Milliseconds(all),
            milliseconds / all,
            0.15
        );
    }

    /// <summary>Of one entry, in a chain of many.</summary>
    private static double LedgerMilliseconds()
    {
        var record = OrdinaryRecord.New();
        var head = LedgerHead.Genesis;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < LedgerEntries; i++)
        {
            head = record.Follow(head).AsHead();
        }

        return clock.Elapsed.TotalMilliseconds / LedgerEntries;
    }

    /// <summary>The FIRs are drafted and approved before the clock starts.</summary>
    private static async Task<LoadResult> RegisterAsync(ServiceUnderLoad service, int count)
    {
        var pending = new ConcurrentQueue<(string SessionId, string FirNumber)>();
        await Parallel.ForAsync(
            0,
            Clients,
            new ParallelOptions { MaxDegreeOfParallelism = Clients },
            async (client, _) =>
            {
                for (var i = 0; i < count / Clients; i++)
                {
                    pending.Enqueue(await Journeys.CompleteAsync(service.Connection(client), $"r{client}-{Stopwatch.GetTimestamp():x}"));
                }
            }
        );
        return await service.LoadWhileAsync(
            Clients,
            () => !pending.IsEmpty,
            async (worker, connection) =>
            {
                if (!pending.TryDequeue(out var next))
                {
                    return;
                }

                var started = Stopwatch.GetTimestamp();
                var reply = await connection.SendAsync(
                    WireRequest.Register(next.FirNumber, ServiceUnderLoad.AuthKey, $"reg-{next.FirNumber}")
                );
                _ = WireRequest.FirNumberOf(reply);
                worker.Answered(next.SessionId, started);
            }
        );
    }

    private static async Task ReportKeysAsync(ServiceUnderLoad service, BenchOptions options, ResultTable results)
    {
        var with = new List<LoadResult>();
        var without = new List<LoadResult>();
        for (var round = 0; round < options.Rounds; round++)
        {
            with.Add(await service.RunAsync(KeyClients, options.Window));
            without.Add(await service.RunAsync(KeyClients, options.Window, keys: false));
        }

        var (keyed, bare) = (await service.ReadBackAsync(with), await service.ReadBackAsync(without));
        results.AtLeast(
            $"MySQL, POST /process with an idempotency key, {KeyClients} clients, against without",
            Figures.PerSecond(Figures.Median(keyed, r => r.Rate)),
            Figures.PerSecond(Figures.Median(bare, r => r.Rate)),
            Figures.Median(keyed.Zip(bare, (ours, theirs) => ours.Rate / theirs.Rate)),
            0.85
        );
    }
}
