using AfirGen.Api.Sqlite;
using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Journal;

/// <summary>Work that must not run inside a transaction: a checkpoint, reading the connection's settings.</summary>
internal interface IBetweenBatches
{
    void RunAndAnswer(SqliteSession session);
}

/// <inheritdoc cref="IBetweenBatches"/>
internal sealed class BetweenBatches<T>(Func<SqliteSession, T> run, CancellationToken cancellationToken) : WriteUnit, IBetweenBatches
{
    private readonly WriteUnit<T> _inner = new(run, cancellationToken);

    public Task<T> Task => _inner.Task;

    public override void Run(SqliteSession session) => _inner.Run(session);

    public override void Complete() => _inner.Complete();

    public override void Fail(Exception exception) => _inner.Fail(exception);

    public void RunAndAnswer(SqliteSession session)
    {
        if (!_inner.TryTake())
        {
            return;
        }

        try
        {
            Run(session);
        }
        catch (Exception e) when (e is not SqliteException sqlite || !SqliteFailure.IsFatal(sqlite))
        {
            Fail(e);
            return;
        }

        Complete();
    }
}
