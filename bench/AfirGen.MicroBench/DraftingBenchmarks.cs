using AfirGen.Api.Drafting;
using AfirGen.Tests;
using AfirGen.Tests.Drafting;
using BenchmarkDotNet.Attributes;

namespace AfirGen.MicroBench;

/// <summary>What drafting one FIR costs beside its commits.</summary>
public class DraftingBenchmarks
{
    private readonly string _complaint = Complaints.Theft;
    private DraftingInput _drafted = null!;

    [GlobalSetup]
    public async Task DraftAsync() => _drafted = await Desk.Draft(Desk.Input(_complaint), CancellationToken.None);

    [Benchmark(Description = "BM25 ranking of the statutes")]
    public int Rank() => Desk.Statutes.Search(_complaint).Count;

    [Benchmark(Description = "rendering the FIR")]
    public int Render() => Desk.Render(_drafted).Content.Length;

    [Benchmark(Description = "drafting all four steps")]
    public Task DraftAllAsync() => Desk.Draft(Desk.Input(_complaint), CancellationToken.None);
}
