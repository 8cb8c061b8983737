using System.Collections.Concurrent;
using System.Diagnostics;
using AfirGen.Api.Durability;
using AfirGen.Api.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Journal;

/// <summary>
/// The one writer of the journal: a thread that owns the only write connection. It takes what is queued, runs all units of work in one
/// transaction, commits once, and only then answers the callers: one fsync for many requests, and a failing unit rolls back alone.
/// </summary>
internal sealed class GroupCommitWriter : IDisposable
{
    private static readonly TimeSpan IdleBeforeCheckpoint = TimeSpan.FromSeconds(1);
    private readonly BlockingCollection<WriteUnit> _queue;
    private readonly SqliteSession _session;
    private readonly BatchTransaction _transaction;
    private readonly WriteAheadLog _log;
    private readonly DiskHeadroom _headroom;
    private readonly JournalOptions _options;
    private readonly CrashPoints _crashPoints;
    private readonly FatalStop _fatal;
    private readonly JournalMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly List<WriteUnit> _batch;
    private IBetweenBatches? _last;

    public GroupCommitWriter(
        string path,
        IOptions<JournalOptions> options,
        CrashPoints crashPoints,
        FatalStop fatal,
        JournalMetrics metrics,
        ILogger<GroupCommitWriter> logger
    )
    {
        _options = options.Value;
        _crashPoints = crashPoints;
        _fatal = fatal;
        _metrics = metrics;
        _logger = logger;
        _queue = new(_options.MaxQueueLength);
        _batch = new(_options.MaxBatchSize);
        _session = new(CheckedSqliteConnection.Open(path, SqliteAccess.ReadWrite));
        _transaction = new(_session);
        _log = new(path, _session);
        _headroom = new(path, _options.MinFreeMebibytes);
        _thread = new(Loop) { Name = "journal-writer", IsBackground = true };
        _metrics.Observe(() => _queue.Count, _options.MaxQueueLength, () => _log.Bytes);
        _thread.Start();
    }

    public bool RefusesForHeadroom => !_headroom.IsEnough;

    /// <summary>Runs <paramref name="unit"/> in a transaction and completes after the fsync that covers it (G1).</summary>
    /// <exception cref="JournalRefusedException">Nothing happened.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while it waited; nothing happened.</exception>
    public Task<T> WriteAsync<T>(
        Func<SqliteSession, T> unit,
        CancellationToken cancellationToken,
        bool ignoreHeadroom = false,
        bool canWait = false
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_queue.IsAddingCompleted)
        {
            throw new JournalClosedException();
        }

        if (!ignoreHeadroom && !_headroom.IsEnough)
        {
            _metrics.Refused(RefusalReasons.Headroom);
            throw new JournalDiskFullException();
        }

        var work = new WriteUnit<T>(unit, cancellationToken) { CanWait = canWait };
        return TryEnqueue(work) ? work.Task : throw new JournalQueueFullException(_options.MaxQueueLength);
    }

    /// <summary>Runs <paramref name="work"/> on the writer's thread between two batches, outside any transaction.</summary>
    public Task<T> BetweenBatchesAsync<T>(Func<SqliteSession, WriteAheadLog, T> work, CancellationToken cancellationToken)
    {
        var unit = new BetweenBatches<T>(session => work(session, _log), cancellationToken);
        return TryEnqueue(unit) ? unit.Task : throw new JournalQueueFullException(_options.MaxQueueLength);
    }

    /// <summary>
    /// Takes no more work; what is queued is still committed, and only then, as the last thing that is ever done to the file,
    /// <paramref name="last"/> runs: whoever writes at the same time is either before it or refused, so nothing can lie behind it (G8).
    /// </summary>
    public Task<T> SealAsync<T>(Func<SqliteSession, WriteAheadLog, T> last, CancellationToken cancellationToken)
    {
        var unit = new BetweenBatches<T>(session => last(session, _log), cancellationToken);
        if (Interlocked.CompareExchange(ref _last, unit, null) is not null || _queue.IsAddingCompleted)
        {
            throw new JournalClosedException();
        }

        _queue.CompleteAdding();
        return unit.Task;
    }

    /// <summary>Takes no more work; what is queued is still committed. Returns when the thread has ended.</summary>
    public void Seal()
    {
        if (!_queue.IsAddingCompleted)
        {
            _queue.CompleteAdding();
        }

        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }
    }

    public void Dispose()
    {
        Seal();
        _session.Dispose();
        _queue.Dispose();
    }

    private bool TryEnqueue(WriteUnit unit)
    {
        try
        {
            if (_queue.TryAdd(unit))
            {
                return true;
            }

            _metrics.Refused(RefusalReasons.QueueFull);
            return false;
        }
        catch (InvalidOperationException)
        {
            throw new JournalClosedException();
        }
    }

    private void Loop()
    {
        try
        {
            while (!_queue.IsCompleted)
            {
                if (!_queue.TryTake(out var first, IdleBeforeCheckpoint))
                {
                    _log.CheckpointWhenWorthwhile();
                    continue;
                }

                Gather(first);
                _log.KeepShort(_options.MaxWalMebibytes * 1024L * 1024L);
            }

            _last?.RunAndAnswer(_session);
            _log.EndCopying();
        }
        catch (Exception e)
        {
            // Whatever it is, the writer cannot vouch for the disk any more (G8).
            _fatal.Stop("The journal's writer failed", e);
        }
    }

    /// <summary>
    /// Adds what is already waiting: no timer, so a single client pays no latency for the batching. Only units that can wait are given a
    /// moment, which the first one that cannot ends.
    /// </summary>
    private void Gather(WriteUnit first)
    {
        _batch.Clear();
        var patience = _options.SharedCommitDelay;
        var next = first;
        do
        {
            patience = next.CanWait ? patience : TimeSpan.Zero;
            if (next is IBetweenBatches between)
            {
                CommitBatch();
                _batch.Clear();
                if (next.TryTake())
                {
                    between.RunAndAnswer(_session);
                }
            }
            else if (next.TryTake())
            {
                _batch.Add(next);
            }
        } while (_batch.Count < _options.MaxBatchSize && _queue.TryTake(out next, patience));

        CommitBatch();
    }

    private void CommitBatch()
    {
        if (_batch.Count == 0)
        {
            return;
        }

        IReadOnlyDictionary<WriteUnit, Exception> failures;
        var started = Stopwatch.GetTimestamp();
        TimeSpan fsync;
        try
        {
            failures = _transaction.Run(_batch);
            foreach (var failure in failures.Values)
            {
                Report(failure);
            }

            _session.Connection.RequireFile();
            if (Mutations.Has(Mutations.AnswerBeforeCommit))
            {
                Answer(failures);
            }

            _crashPoints.Hit(CrashPoints.BeforeJournalCommit);
            var committing = Stopwatch.GetTimestamp();
            _session.Execute("COMMIT"); // synchronous=FULL: returns after the fsync of every frame of this batch
            fsync = Stopwatch.GetElapsedTime(committing);
            _crashPoints.Hit(CrashPoints.AfterJournalCommit);
        }
        catch (SqliteException e) when (SqliteFailure.IsDiskFull(e))
        {
            RollBackBatch(new JournalDiskFullException(), RollbackReasons.DiskFull);
            return;
        }
        catch (SqliteException e) when (SqliteFailure.IsBusy(e))
        {
            RollBackBatch(new JournalBusyException(), RollbackReasons.Busy);
            return;
        }

        _metrics.Committed(_batch.Count - failures.Count, Stopwatch.GetElapsedTime(started), fsync);

        // G1: no caller hears of success before the COMMIT above. G8: no caller hears of failure before its rollback.
        if (!Mutations.Has(Mutations.AnswerBeforeCommit))
        {
            Answer(failures);
        }
    }

    private void Answer(IReadOnlyDictionary<WriteUnit, Exception> failures)
    {
        foreach (var unit in _batch)
        {
            if (failures.TryGetValue(unit, out var failure))
            {
                unit.Fail(failure);
            }
            else
            {
                unit.Complete();
            }
        }
    }

    private void Report(Exception e)
    {
        if (e is UnitRejectedException)
        {
            _metrics.RolledBack(RollbackReasons.Rejected);
            _logger.LogDebug("Transaction rolled back: {Reason}", e.Message);
        }
        else
        {
            _metrics.RolledBack(RollbackReasons.Error);
            _logger.LogError(e, "Transaction rolled back");
        }
    }

    private void RollBackBatch(JournalRefusedException reason, string label)
    {
        _transaction.RollBack();
        _metrics.RolledBack(label, _batch.Count);
        _logger.LogError("Transaction rolled back: {Reason}", reason.Message);
        foreach (var unit in _batch)
        {
            unit.Fail(reason);
        }
    }
}
