using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Reports;

namespace AfirGen.MicroBench;

/// <summary>The short form of what BenchmarkDotNet found: time and bytes allocated for one operation.</summary>
internal static class Report
{
    private const double NanosecondsPerMicrosecond = 1000;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <returns>1 when one of them could not be measured.</returns>
    public static int Print(IReadOnlyList<Summary> summaries)
    {
        var failed = false;
        Console.WriteLine($"{"one operation", -50} {"mean", 14} {"error", 14} {"allocated", 14}");
        foreach (var report in summaries.SelectMany(summary => summary.Reports))
        {
            failed |= report.ResultStatistics is null;
            var mean = report.ResultStatistics is { } found ? Microseconds(found.Mean) : "failed";
            var error = report.ResultStatistics is { } spread ? Microseconds(spread.StandardError) : "";
            var allocated = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
            Console.WriteLine(
                $"{Operation(report), -50} {mean, 14} {error, 14} {allocated?.ToString("#,0", CultureInfo.InvariantCulture) + " B", 14}"
            );
        }

        return failed || summaries.All(summary => summary.Reports.IsEmpty) ? 1 : 0;
    }

    /// <summary>Beside what the load generator has written there, if it has.</summary>
    public static void AddTo(string path, IReadOnlyList<Summary> summaries)
    {
        var document = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!.AsObject() : [];
        document["micro"] = JsonSerializer.SerializeToNode(
            summaries
                .SelectMany(summary => summary.Reports)
                .Select(report => new
                {
                    operation = Operation(report),
                    mean_nanoseconds = report.ResultStatistics?.Mean,
                    error_nanoseconds = report.ResultStatistics?.StandardError,
                    allocated_bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase),
                })
        );
        File.WriteAllText(path, document.ToJsonString(Indented));
    }

    private static string Operation(BenchmarkReport report) => report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'');

    private static string Microseconds(double nanoseconds) =>
        (nanoseconds / NanosecondsPerMicrosecond).ToString("#,0.00", CultureInfo.InvariantCulture) + " us";
}
