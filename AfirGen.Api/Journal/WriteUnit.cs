using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Journal;

/// <summary>One caller's work in a batch. Either the writer takes it or its caller cancels it, never both.</summary>
internal abstract class WriteUnit
{
    private const int Queued = 0;
    private const int Taken = 1;
    private const int Cancelled = 2;
    private int _state;

    /// <summary>True when it is now the writer's; from here on cancellation has no effect, so that no caller is told "no effect" wrongly (G5).</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Queued) == Queued;

    /// <summary>Nobody waits for it yet, so it may ride along with the next commit.</summary>
    public bool CanWait { get; init; }

    /// <summary>
    /// Runs inside the batch's transaction. Once more, from the same state, when another unit of the batch fails: what it does besides writing
    /// to <paramref name="session"/> must come to the same when it is done twice.
    /// </summary>
    public abstract void Run(SqliteSession session);

    /// <summary>Called after COMMIT only (G1).</summary>
    public abstract void Complete();

    /// <summary>Called after the rollback only (G8).</summary>
    public abstract void Fail(Exception exception);

    protected bool TryCancel() => Interlocked.CompareExchange(ref _state, Cancelled, Queued) == Queued;
}

internal sealed class WriteUnit<T> : WriteUnit
{
    // Continuations must not run on the writer's thread: a slow caller would stall every commit.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<SqliteSession, T> _run;
    private readonly CancellationTokenRegistration _registration;
    private T? _result;

    public WriteUnit(Func<SqliteSession, T> run, CancellationToken cancellationToken)
    {
        _run = run;
        _registration = cancellationToken.UnsafeRegister(static (unit, token) => ((WriteUnit<T>)unit!).Cancel(token), this);
    }

    public Task<T> Task => _completion.Task;

    public override void Run(SqliteSession session) => _result = _run(session);

    public override void Complete()
    {
        _registration.Dispose();
        _completion.SetResult(_result!);
    }

    public override void Fail(Exception exception)
    {
        _registration.Dispose();
        _completion.SetException(exception);
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        if (TryCancel())
        {
            _completion.SetCanceled(cancellationToken);
        }
    }
}
