using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Durability;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Bench.Load;
using AfirGen.Bench.Machines;
using AfirGen.Tests.Stack;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace AfirGen.MicroBench;

/// <summary>The two commits of a complaint, on real files, synced.</summary>
public class StoreBenchmarks
{
    private const int Batch = 64;
    private const string At = "2026-11-20T19:30:00.0000000Z";
    private static readonly SessionIds Ids = new();
    private TemporaryFolder _folder = null!;
    private JournalOfItsOwn _journal = null!;
    private DataFolder _registryFolder = null!;
    private EmbeddedRegistry _registry = null!;
    private long _next;

    [GlobalSetup]
    public async Task OpenAsync()
    {
        _folder = new();
        _journal = new(_folder.Path);
        _registryFolder = new(_folder.File("registry"));
        _registryFolder.Open();
        _registry = new(
            _registryFolder,
            new CrashPoints(new ConfigurationBuilder().Build()),
            new FatalStop(NullLogger<FatalStop>.Instance),
            NullLoggerFactory.Instance
        );
        await _registry.OpenAsync(CancellationToken.None);
    }

    [GlobalCleanup]
    public void Close()
    {
        _registry.Dispose();
        _registryFolder.Dispose();
        _journal.Dispose();
        _folder.Dispose();
    }

    [Benchmark(Description = "journal append, alone")]
    public Task AppendAsync() => AppendOneAsync();

    [Benchmark(Description = "journal append, one of 64 in a commit", OperationsPerInvoke = Batch)]
    public Task AppendBatchAsync() => Task.WhenAll(Enumerable.Range(0, Batch).Select(_ => AppendOneAsync()));

    [Benchmark(Description = "forwarder batch, one of 64 drafts (embedded)", OperationsPerInvoke = Batch)]
    public Task DeliverBatchAsync() => _registry.DeliverAsync([.. Enumerable.Range(0, Batch).Select(_ => Draft())], CancellationToken.None);

    private Task AppendOneAsync()
    {
        var id = Ids.Next();
        return _journal.WriteAsync(ComplaintRows.New(id, FirNumber(id)), id);
    }

    private RecordDraft Draft()
    {
        var id = Ids.Next();
        return new(id, FirNumber(id), Complaint.Text(id), At);
    }

    private string FirNumber(string id) => $"FIR-{id[..8]}-{Interlocked.Increment(ref _next):00000000000000}";
}
