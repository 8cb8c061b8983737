using AfirGen.MicroBench;
using AfirGen.Tests.Stack;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

// In this process: nothing is generated, restored or built, so it runs without a network and leaves nothing behind.
using var artifacts = new TemporaryFolder();
var brief = Job.ShortRun.WithIterationTime(TimeInterval.FromMilliseconds(200)).WithToolchain(InProcessEmitToolchain.Instance);
var config = ManualConfig
    .CreateEmpty()
    .AddJob(args.Contains("--quick") ? Job.Dry.WithToolchain(InProcessEmitToolchain.Instance) : brief)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddLogger(NullLogger.Instance)
    .WithArtifactsPath(artifacts.Path)
    .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile);
Summary[] summaries =
[
    .. BenchmarkRunner.Run([typeof(StoreBenchmarks), typeof(DraftingBenchmarks), typeof(LedgerBenchmarks)], config, null),
];
if (Array.IndexOf(args, "--json") is >= 0 and var at && at + 1 < args.Length)
{
    Report.AddTo(args[at + 1], summaries);
}

return Report.Print(summaries);
