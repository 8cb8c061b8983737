using System.Collections.Concurrent;

namespace AfirGen.Api.Sqlite;

/// <summary>A few read-only connections. A reader sees the last committed state and never blocks the writer (WAL).</summary>
internal sealed class ReadPool(string path, int size) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(size, size);
    private readonly SemaphoreSlim _exclusive = new(1, 1);
    private readonly ConcurrentBag<SqliteSession> _idle = [];

    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken = default)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            var session = _idle.TryTake(out var idle) ? idle : new(CheckedSqliteConnection.Open(path, SqliteAccess.ReadOnly));
            try
            {
                var result = read(session);
                _idle.Add(session);
                return result;
            }
            catch
            {
                session.Dispose(); // it may stand in a transaction, and an open snapshot would hold up every flush (D-26)
                throw;
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Of all open connections of the pool; where two differ, the wrong one is named.</summary>
    public async Task<IReadOnlyList<DurabilitySetting>> ReadSettingsAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(session => session.Connection.Access, cancellationToken); // so that there is one
        await _exclusive.WaitAsync(cancellationToken); // two that collect slots would wait for each other
        var taken = 0;
        try
        {
            for (; taken < size; taken++)
            {
                await _slots.WaitAsync(cancellationToken);
            }

            return
            [
                .. _idle
                    .SelectMany(session => session.Connection.ReadSettings())
                    .GroupBy(setting => setting.Name)
                    .Select(same => same.FirstOrDefault(setting => !setting.Ok) ?? same.First())
                    .Select(setting => setting with { Store = setting.Store + " (readers)" }),
            ];
        }
        finally
        {
            if (taken > 0)
            {
                _slots.Release(taken);
            }

            _exclusive.Release();
        }
    }

    public void Dispose()
    {
        foreach (var session in _idle)
        {
            session.Dispose();
        }

        _slots.Dispose();
        _exclusive.Dispose();
    }
}
