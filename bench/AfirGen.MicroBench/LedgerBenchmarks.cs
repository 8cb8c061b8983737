using AfirGen.Api.Registry.Ledger;
using AfirGen.Tests;
using BenchmarkDotNet.Attributes;

namespace AfirGen.MicroBench;

/// <summary>What the hash chain adds to a registration.</summary>
public class LedgerBenchmarks
{
    private const int ContentLength = 8000; // of an ordinary rendered FIR
    private const string At = "2026-11-20T19:30:00.0000000Z";

    private readonly LedgerRecord _record = new()
    {
        FirNumber = "FIR-0a1b2c3d-20261120193000",
        SessionId = "0a1b2c3d-0000-4000-8000-000000000000",
        Registration = new("KTW", 2026, 42),
        CreatedAt = At,
        FinalizedAt = At,
        ComplaintText = Complaints.Theft,
        FirContent = new string('x', ContentLength),
        ViolationsJson = "[]",
    };

    [Benchmark(Description = "ledger entry: canonical bytes and hash")]
    public long Follow() => _record.Follow(LedgerHead.Genesis).Position;
}
