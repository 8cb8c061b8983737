using Microsoft.Data.Sqlite;

namespace AfirGen.Tests.Stack;

/// <summary>Somebody who reads the journal with a tool, and keeps the log from being emptied until they are done.</summary>
internal sealed class LongReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _snapshot;

    public LongReader(Stores stores)
    {
        _connection = new($"Data Source={stores.JournalFile};Mode=ReadOnly;Pooling=false");
        _connection.Open();
        _snapshot = _connection.BeginTransaction(deferred: true);
        using var look = _connection.CreateCommand();
        look.CommandText = "SELECT COUNT(*) FROM session_rows";
        Assert.Equal(1L, look.ExecuteScalar()); // the snapshot begins with the first look
    }

    public void Dispose()
    {
        _snapshot.Dispose();
        _connection.Dispose();
    }
}
