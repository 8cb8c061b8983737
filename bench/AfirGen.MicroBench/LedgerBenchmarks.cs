using AfirGen.Api.Registry.Ledger;
using AfirGen.Bench.Load;
using BenchmarkDotNet.Attributes;

namespace AfirGen.MicroBench;

/// <summary>What the hash chain adds to a registration.</summary>
public class LedgerBenchmarks
{
    private readonly LedgerRecord _record = OrdinaryRecord.New();

    [Benchmark(Description = "ledger entry: canonical bytes and hash")]
    public long Follow() => _record.Follow(LedgerHead.Genesis).Position;
}
