using System.Diagnostics;
using System.Globalization;
using AfirGen.Bench.Load;
using AfirGen.Bench.Machines;

namespace AfirGen.Bench.Scenarios;

/// <summary>Lists and single records, with a thousand and with a million of them.</summary>
internal sealed class Reads : IScenario
{
    private const int Clients = 16;
    private const int Few = 1000;
    private const int PageSize = 20;

    public string Name => "reads";

    public async Task RunAsync(BenchOptions options, ResultTable results)
    {
        var many = options.Quick ? 20_000 : 1_000_000;
        foreach (var count in (int[])[Few, many])
        {
            await using var service = new ServiceUnderLoad();
            StoreSeed.Records(service.RegistryFile, count);
            StoreSeed.Sessions(service.Folder, 1);
            await service.StartAsync();
            await ReportAsync("embedded", service, count, options, results);
        }

        var inMySql = options.Quick ? 2_000 : 100_000;
        await using var server = await MySqlContainer.StartAsync(relaxed: false);
        await using var mysql = await ServiceUnderLoad.StartNewAsync(server);
        await StoreSeed.RecordsAsync(server, inMySql);
        await ReportAsync("MySQL", mysql, inMySql, options, results);
    }

    private static async Task ReportAsync(string stack, ServiceUnderLoad service, int count, BenchOptions options, ResultTable results)
    {
        var connection = service.Connection(0);
        var deepCursor = await CursorAtAsync(connection, count * 9 / 10);
        var fir = WireRequest.FirNumberOf(await connection.SendAsync(WireRequest.Get($"/list_firs?limit=1&offset={count / 2}")));
        var first = $"/list_firs?limit={PageSize}";
        var deep = $"/list_firs?limit={PageSize}&after={Uri.EscapeDataString(deepCursor)}";
        var skipped = $"/list_firs?limit={PageSize}&offset={count * 9 / 10}";
        List<LoadResult> firsts = [],
            deeps = [],
            offsets = [],
            singles = [];
        for (var round = 0; round < options.Rounds; round++)
        {
            firsts.Add(await RunAsync(service, first, options));
            deeps.Add(await RunAsync(service, deep, options));
            singles.Add(await RunAsync(service, $"/fir/{fir}", options));
        }

        offsets.Add(await RunAsync(service, skipped, options));
        var what = string.Create(CultureInfo.InvariantCulture, $"{stack}, {count:#,0} records: ");
        results.AtMost(
            what + "page at 90 % by cursor, p50 against the first page",
            Figures.Milliseconds(Figures.Median(deeps, r => r.Percentile(50))),
            Figures.Milliseconds(Figures.Median(firsts, r => r.Percentile(50))),
            Figures.Median(deeps.Zip(firsts, (deep, first) => deep.Percentile(50) / first.Percentile(50))),
            2
        );
        results.Add(
            what + "the same page by offset, p50 against the first page",
            Figures.Milliseconds(Figures.Median(offsets, r => r.Percentile(50))),
            Figures.Milliseconds(Figures.Median(firsts, r => r.Percentile(50))),
            Figures.Median(offsets, r => r.Percentile(50)) / Figures.Median(firsts, r => r.Percentile(50))
        );
        results.Add(
            what + "GET /list_firs and GET /fir/{n}",
            Figures.PerSecond(Figures.Median(firsts, r => r.AnswerRate)),
            Figures.PerSecond(Figures.Median(singles, r => r.AnswerRate))
        );
    }

    private static async Task<string> CursorAtAsync(HttpConnection connection, int offset) =>
        WireRequest.NextOf(await connection.SendAsync(WireRequest.Get($"/list_firs?limit=1&offset={offset - 1}")));

    private static Task<LoadResult> RunAsync(ServiceUnderLoad service, string path, BenchOptions options)
    {
        var request = WireRequest.Get(path);
        return service.LoadAsync(
            Clients,
            options.Window / 2,
            async (worker, connection) =>
            {
                var started = Stopwatch.GetTimestamp();
                var reply = await connection.SendAsync(request);
                if (reply.Status != 200)
                {
                    throw new InvalidOperationException($"{path}: {reply.Status}");
                }

                worker.Answered(null, started);
            }
        );
    }
}
