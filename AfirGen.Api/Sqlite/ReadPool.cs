using System.Collections.Concurrent;

namespace AfirGen.Api.Sqlite;

/// <summary>A few read-only connections. A reader sees the last committed state and never blocks the writer (WAL).</summary>
internal sealed class ReadPool(string path, int size) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(size, size);
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

    public void Dispose()
    {
        foreach (var session in _idle)
        {
            session.Dispose();
        }

        _slots.Dispose();
    }
}
