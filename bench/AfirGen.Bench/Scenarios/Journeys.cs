using System.Diagnostics;
using AfirGen.Bench.Load;
using AfirGen.Bench.Machines;

namespace AfirGen.Bench.Scenarios;

/// <summary>Whole jobs of an officer, complaint to registered FIR in seven requests, and latency at half of the highest rate.</summary>
internal sealed class Journeys : IScenario
{
    public const int ReviewSteps = 5;
    private const int Officers = 16;
    private const int BusyClients = 64;

    public string Name => "journeys";

    public async Task RunAsync(BenchOptions options, ResultTable results)
    {
        await using var server = await MySqlContainer.StartAsync(relaxed: false);
        await using var mysql = await ServiceUnderLoad.StartNewAsync(server);
        await using var embedded = await ServiceUnderLoad.StartNewAsync();
        (string, ServiceUnderLoad)[] stacks = [("embedded", embedded), ("MySQL", mysql)];
        foreach (var (stack, service) in stacks)
        {
            await service.LoadAsync(Officers, options.Window * 2, RegisterOneAsync); // compiled
            var rounds = new List<LoadResult>();
            for (var round = 0; round < options.Rounds; round++)
            {
                rounds.Add(await service.LoadAsync(Officers, options.Window, RegisterOneAsync));
            }

            var found = await service.ReadBackAsync(rounds, registered: true);
            results.Add(
                $"{stack}: complaint to registered FIR, {Officers} officers",
                Figures.PerSecond(Figures.Median(found, r => r.Rate))
            );
            results.Add(
                $"{stack}: the seven requests together, p50 / p99",
                Figures.Milliseconds(Figures.Median(found, r => r.Percentile(50))),
                Figures.Milliseconds(Figures.Median(found, r => r.Percentile(99)))
            );
        }

        foreach (var (stack, service) in stacks)
        {
            await ReportHalfLoadAsync(stack, service, options, results);
        }
    }

    /// <returns>The session.</returns>
    public static async Task<(string SessionId, string FirNumber)> CompleteAsync(HttpConnection connection, string mark)
    {
        var processed = await connection.SendAsync(WireRequest.Process(Complaint.Text(mark), mark));
        var (session, fir) = (WireRequest.SessionIdOf(processed), WireRequest.FirNumberOf(processed));
        for (var step = 0; step < ReviewSteps; step++)
        {
            WireRequest.SessionIdOf(await connection.SendAsync(WireRequest.Approve(session, $"{mark}-{step}")));
        }

        return (session, fir);
    }

    public static async Task RegisterOneAsync(LoadWorker worker, HttpConnection connection)
    {
        var started = Stopwatch.GetTimestamp();
        var mark = $"{worker.Index}-{started:x}";
        var (session, fir) = await CompleteAsync(connection, mark);
        var registered = await connection.SendAsync(WireRequest.Register(fir, ServiceUnderLoad.AuthKey, $"{mark}-register"));
        _ = WireRequest.FirNumberOf(registered);
        worker.Answered(session, started);
    }

    private static async Task ReportHalfLoadAsync(string stack, ServiceUnderLoad service, BenchOptions options, ResultTable results)
    {
        var highest = await service.ReadBackAsync([await service.RunAsync(BusyClients, options.Window)]);
        var half = highest[0].Rate / 2;
        var rounds = new List<LoadResult>();
        for (var round = 0; round < options.Rounds; round++)
        {
            rounds.Add(await service.RunAtAsync(half, BusyClients * 2, options.Window * 2));
        }

        await service.ReadBackAsync(rounds);
        results.AtMost(
            $"{stack}: POST /process at half load ({Figures.PerSecond(half)} due), p99 against p50",
            Figures.Milliseconds(Figures.Median(rounds, r => r.Percentile(99))),
            Figures.Milliseconds(Figures.Median(rounds, r => r.Percentile(50))),
            Figures.Median(rounds, r => r.Percentile(99) / r.Percentile(50)),
            5
        );
        results.Add($"{stack}: the same, p99.9", Figures.Milliseconds(Figures.Median(rounds, r => r.Percentile(99.9))));
    }
}
