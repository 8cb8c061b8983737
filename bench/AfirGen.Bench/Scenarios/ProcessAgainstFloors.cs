using System.Diagnostics;
using AfirGen.Bench.Baselines;
using AfirGen.Bench.Load;
using AfirGen.Bench.Machines;
using AfirGen.Tests.Stack;

namespace AfirGen.Bench.Scenarios;

/// <summary>POST /process to answered, against the least that each of its parts can cost.</summary>
internal sealed class ProcessAgainstFloors : IScenario
{
    private const int Clients = 64;
    private const int RowsPerInsert = 64;
    private const int BytesPerComplaint = 4 * 4096; // what one complaint adds to the journal's log: its share of the pages of a commit
    private const string Table = "CREATE TABLE complaints (id BIGINT AUTO_INCREMENT PRIMARY KEY, complaint TEXT) ENGINE=InnoDB";

    public string Name => "process";

    public async Task RunAsync(BenchOptions options, ResultTable results)
    {
        await using var server = await MySqlContainer.StartAsync(relaxed: false);
        await using var mysql = await ServiceUnderLoad.StartNewAsync(server);
        await using var embedded = await ServiceUnderLoad.StartNewAsync();
        await using var empty = await EmptyService.StartAsync();
        using var folder = new TemporaryFolder();

        var onMySql = new List<LoadResult>();
        var onSqlite = new List<LoadResult>();
        List<double> slap = [],
            multiRow = [],
            nothing = [],
            overwrites = [];
        var row = Complaint.Text("slap");
        for (var round = 0; round < options.Rounds; round++)
        {
            onMySql.Add(await mysql.RunAsync(Clients, options.Window));
            var queries = (int)Math.Max(2000, 6000 * options.Window.TotalSeconds) / Clients * Clients;
            slap.Add(await server.SlapAsync(Clients, queries, Table, $"INSERT INTO complaints (complaint) VALUES ('{row}')"));
            nothing.Add((await empty.RunAsync(Clients, options.Window)).AnswerRate);
            onSqlite.Add(await embedded.RunAsync(Clients, options.Window));
            overwrites.Add(OverwriteLoop.Run(folder.File("floor"), BytesPerComplaint, options.Window / 2));
            var values = string.Join(",", Enumerable.Repeat($"('{row}')", RowsPerInsert));
            multiRow.Add(RowsPerInsert * await server.SlapAsync(1, 200, Table, $"INSERT INTO complaints (complaint) VALUES {values}"));
        }

        Report(results, await mysql.ReadBackAsync(onMySql), await embedded.ReadBackAsync(onSqlite), slap, nothing);
        results.Add($"floor: {BytesPerComplaint} bytes written over + fdatasync, 1 thread", Figures.PerSecond(Figures.Median(overwrites)));
        results.Add(
            $"floor: rows by mysqlslap, {RowsPerInsert} rows an INSERT and commit, 1 client",
            Figures.PerSecond(Figures.Median(multiRow))
        );
    }

    private static void Report(
        ResultTable results,
        IReadOnlyList<LoadResult> mysql,
        IReadOnlyList<LoadResult> embedded,
        List<double> slap,
        List<double> nothing
    )
    {
        var rate = Figures.PerSecond(Figures.Median(mysql, r => r.Rate));
        var againstSlap = Figures.Median(mysql.Zip(slap, (ours, theirs) => ours.Rate / theirs));
        var againstNothing = Figures.Median(mysql.Zip(nothing, (ours, theirs) => ours.Rate / theirs));
        var (slapRate, emptyRate) = (Figures.PerSecond(Figures.Median(slap)), Figures.PerSecond(Figures.Median(nothing)));
        var whatSlap = $"MySQL, {Clients} clients, against single-row commits of mysqlslap";
        var whatNothing = $"MySQL, {Clients} clients, against an empty endpoint";
        // Whichever asks for less.
        if (2 * Figures.Median(slap) <= Figures.Median(nothing) / 2)
        {
            results.AtLeast(whatSlap, rate, slapRate, againstSlap, 2);
            results.Add(whatNothing, rate, emptyRate, againstNothing);
        }
        else
        {
            results.AtLeast(whatNothing, rate, emptyRate, againstNothing, 0.5);
            results.Add(whatSlap, rate, slapRate, againstSlap);
        }

        results.Add(
            $"embedded, {Clients} clients, against an empty endpoint",
            Figures.PerSecond(Figures.Median(embedded, r => r.Rate)),
            emptyRate,
            Figures.Median(embedded.Zip(nothing, (ours, theirs) => ours.Rate / theirs))
        );
        foreach (var (stack, rounds) in (ReadOnlySpan<(string, IReadOnlyList<LoadResult>)>)[("MySQL", mysql), ("embedded", embedded)])
        {
            results.Add(
                $"{stack}, {Clients} clients, latency p50 / p99",
                Figures.Milliseconds(Figures.Median(rounds, r => r.Percentile(50))),
                Figures.Milliseconds(Figures.Median(rounds, r => r.Percentile(99)))
            );
        }
    }

    private sealed class EmptyService(Process process, HttpConnection[] connections) : IAsyncDisposable
    {
        private static readonly byte[] Request = WireRequest.Process(Complaint.Text("empty"), "empty");

        public static async Task<EmptyService> StartAsync()
        {
            var start = new ProcessStartInfo(
                "dotnet",
                [typeof(EmptyService).Assembly.Location, EmptyEndpoint.Command, "http://127.0.0.1:0"]
            )
            {
                RedirectStandardOutput = true,
            };
            var process = Process.Start(start)!;
            const string Listening = "Now listening on: ";
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
                {
                    var address = EmptyEndpoint.AddressOf(new(line[(at + Listening.Length)..]));
                    var service = new EmptyService(process, [.. Enumerable.Range(0, Clients).Select(_ => new HttpConnection(address))]);
                    await service.RunAsync(16, TimeSpan.FromSeconds(1));
                    return service;
                }
            }

            throw new InvalidOperationException("The empty endpoint did not start.");
        }

        public Task<LoadResult> RunAsync(int clients, TimeSpan duration) =>
            ClosedLoop.RunAsync(
                clients,
                duration,
                async worker =>
                {
                    var started = Stopwatch.GetTimestamp();
                    if ((await connections[worker.Index].SendAsync(Request)).Status != 200)
                    {
                        throw new InvalidOperationException("The empty endpoint failed.");
                    }

                    worker.Answered(null, started);
                }
            );

        public async ValueTask DisposeAsync()
        {
            foreach (var connection in connections)
            {
                connection.Dispose();
            }

            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
