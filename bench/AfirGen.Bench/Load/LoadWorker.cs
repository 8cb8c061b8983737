using System.Diagnostics;
using HdrHistogram;

namespace AfirGen.Bench.Load;

/// <summary>One client of a measurement: its own counts, so that nothing is shared while it runs.</summary>
internal sealed class LoadWorker(int index)
{
    private static readonly double MicrosecondsPerTick = 1_000_000.0 / Stopwatch.Frequency;
    private readonly LongHistogram _latency = LoadResult.NewHistogram();
    private readonly List<string> _acknowledged = [];
    private long _answered;
    private long _refused;

    public int Index => index;

    /// <param name="written">What the answer acknowledged; null when it was a read.</param>
    /// <param name="since">When the request was due.</param>
    public void Answered(string? written, long since)
    {
        _answered++;
        if (written is not null)
        {
            _acknowledged.Add(written);
        }

        _latency.RecordValue(Math.Max(1, (long)((Stopwatch.GetTimestamp() - since) * MicrosecondsPerTick)));
    }

    public void Refused() => _refused++;

    public static LoadResult Sum(IReadOnlyList<LoadWorker> workers, TimeSpan elapsed)
    {
        var latency = LoadResult.NewHistogram();
        foreach (var worker in workers)
        {
            latency.Add(worker._latency);
        }

        return new(
            [.. workers.SelectMany(worker => worker._acknowledged)],
            workers.Sum(worker => worker._answered),
            workers.Sum(worker => worker._refused),
            elapsed,
            latency
        );
    }
}
