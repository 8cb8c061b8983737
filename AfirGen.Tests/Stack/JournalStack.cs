using System.Collections.Concurrent;
using AfirGen.Api.Durability;
using AfirGen.Api.Journal;
using AfirGen.Api.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AfirGen.Tests.Stack;

/// <summary>The real journal on a real file in this process.</summary>
internal sealed class JournalStack : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public JournalStack(JournalOptions? options = null)
    {
        Folder = new(_folder.Path);
        Store = NewStore(options ?? new());
        Store.Open();
    }

    public DataFolder Folder { get; }
    public RecordedMetrics Metrics { get; } = new();
    public RecordingFatalStop Fatal { get; } = new();
    public CrashPoints CrashPoints { get; } = NoCrashPoints;
    public JournalStore Store { get; }
    public Stores Stores => new(_folder.Path);

    public static CrashPoints NoCrashPoints => new(new ConfigurationBuilder().Build());

    /// <summary>Another instance on the same file, as after a restart.</summary>
    public JournalStore NewStore(JournalOptions options) =>
        new(Folder, Options.Create(options), CrashPoints, Fatal, new(Metrics.Meters), NullLoggerFactory.Instance);

    /// <summary>Keeps the writer in a unit of work until the test lets it go on, so that what is queued meanwhile makes one batch.</summary>
    public async Task<HeldWriter> HoldWriterAsync(Action<SqliteSession>? inside = null)
    {
        var held = new HeldWriter();
        held.Unit = Store.WriteAsync(
            db =>
            {
                inside?.Invoke(db);
                return held.Hold();
            },
            CancellationToken.None
        );
        await held.Reached;
        return held;
    }

    public void Dispose()
    {
        Store.Dispose();
        Metrics.Dispose();
        _folder.Dispose();
    }
}

/// <summary>The writer, standing in the middle of a transaction.</summary>
internal sealed class HeldWriter
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _release = new();

    public Task Reached => _reached.Task;

    public Task<bool> Unit { get; set; } = Task.FromResult(false);

    public void Release() => _release.SetResult();

    public bool Hold()
    {
        _reached.SetResult();
        return _release.Task.Wait(TimeSpan.FromSeconds(30));
    }
}

/// <summary>Notes the stop that would end the process.</summary>
internal sealed class RecordingFatalStop() : FatalStop(NullLogger<FatalStop>.Instance)
{
    private readonly TaskCompletionSource<Exception> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Exception> Stopped => _stopped.Task;

    public ConcurrentQueue<string> Stops { get; } = new();

    public override void Stop(string what, Exception cause)
    {
        Stops.Enqueue(what);
        _stopped.TrySetResult(cause);
    }
}
