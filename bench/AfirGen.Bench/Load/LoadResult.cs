using HdrHistogram;

namespace AfirGen.Bench.Load;

/// <summary>What a measurement gave.</summary>
/// <param name="Acknowledged">What the answers said was written, in no order; each is looked for afterwards.</param>
/// <param name="Refused">Answers other than 200.</param>
internal sealed record LoadResult(IReadOnlyList<string> Acknowledged, long Answered, long Refused, TimeSpan Elapsed, HistogramBase Latency)
{
    private const double MicrosecondsPerMillisecond = 1000;

    /// <summary>Set when the stores have been read back.</summary>
    public long Found { get; init; } = -1;

    /// <summary>Writes a second that were acknowledged and found afterwards.</summary>
    public double Rate => (Found >= 0 ? Found : throw new InvalidOperationException("Not read back yet.")) / Elapsed.TotalSeconds;

    /// <summary>Answers a second, for what writes nothing.</summary>
    public double AnswerRate => Answered / Elapsed.TotalSeconds;

    public double Percentile(double percentile) => Latency.GetValueAtPercentile(percentile) / MicrosecondsPerMillisecond;

    public double Worst => Latency.GetMaxValue() / MicrosecondsPerMillisecond;

    /// <exception cref="InvalidOperationException">
    /// Something that was acknowledged is not there: no speed is worth that. Or something was refused, which is fast and no work.
    /// </exception>
    public LoadResult ReadBack(HashSet<string> stored)
    {
        if (Refused > 0)
        {
            throw new InvalidOperationException($"{Refused} requests were refused.");
        }

        var found = Acknowledged.Count(stored.Contains);
        return found == Acknowledged.Count
            ? this with
            {
                Found = found,
            }
            : throw new InvalidOperationException($"{Acknowledged.Count - found} of {Acknowledged.Count} acknowledged writes are lost.");
    }

    public static LongHistogram NewHistogram() => new(1, 120_000_000, 3);
}
