using System.Diagnostics;
using System.Globalization;
using AfirGen.Bench.Machines;
using AfirGen.Bench.Scenarios;

namespace AfirGen.Bench.Load;

/// <summary>
/// Complaints, or whole journeys, to a service that somebody else has started, under a profiler for example. Nothing is read back.
/// Journeys end with a registration: the service's <c>AfirGen__FinalisationKey</c> must be <see cref="ServiceUnderLoad.AuthKey"/>.
/// </summary>
internal static class Drive
{
    public const string Command = "drive";

    public static async Task<int> RunAsync(string url, string clients, string seconds, bool journeys)
    {
        var address = EmptyEndpoint.AddressOf(new(url));
        HttpConnection[] connections =
        [
            .. Enumerable.Range(0, int.Parse(clients, CultureInfo.InvariantCulture)).Select(_ => new HttpConnection(address)),
        ];
        var result = await ClosedLoop.RunAsync(
            connections.Length,
            TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)),
            async worker =>
            {
                if (journeys)
                {
                    await Journeys.RegisterOneAsync(worker, connections[worker.Index]);
                    return;
                }

                var started = Stopwatch.GetTimestamp();
                var key = $"{worker.Index}-{started:x}";
                var reply = await connections[worker.Index].SendAsync(WireRequest.Process(Complaint.Text(key), key));
                worker.Answered(WireRequest.SessionIdOf(reply), started);
            }
        );
        Console.WriteLine(
            $"{Figures.PerSecond(result.AnswerRate)}, p50 {Figures.Milliseconds(result.Percentile(50))}, p99 {Figures.Milliseconds(result.Percentile(99))}"
        );
        return 0;
    }
}
