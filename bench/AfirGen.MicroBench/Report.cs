using System.Globalization;
using BenchmarkDotNet.Reports;

namespace AfirGen.MicroBench;

/// <summary>The short form of what BenchmarkDotNet found: time and bytes allocated for one operation.</summary>
internal static class Report
{
    private const double NanosecondsPerMicrosecond = 1000;

    /// <returns>1 when one of them could not be measured.</returns>
    public static int Print(IReadOnlyList<Summary> summaries)
    {
        var failed = false;
        Console.WriteLine($"{"one operation", -50} {"mean", 14} {"error", 14} {"allocated", 14}");
        foreach (var report in summaries.SelectMany(summary => summary.Reports))
        {
            var method = report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'');
            failed |= report.ResultStatistics is null;
            var mean = report.ResultStatistics is { } found ? Microseconds(found.Mean) : "failed";
            var error = report.ResultStatistics is { } spread ? Microseconds(spread.StandardError) : "";
            var allocated = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
            Console.WriteLine(
                $"{method, -50} {mean, 14} {error, 14} {allocated?.ToString("#,0", CultureInfo.InvariantCulture) + " B", 14}"
            );
        }

        return failed || summaries.All(summary => summary.Reports.IsEmpty) ? 1 : 0;
    }

    private static string Microseconds(double nanoseconds) =>
        (nanoseconds / NanosecondsPerMicrosecond).ToString("#,0.00", CultureInfo.InvariantCulture) + " us";
}
