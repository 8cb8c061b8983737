using System.Collections.Concurrent;
using System.Diagnostics;
using AfirGen.Bench.Load;
using AfirGen.Bench.Machines;
using MySqlConnector;

namespace AfirGen.Bench.Baselines;

/// <summary>Clients that each hold a connection and insert one row a transaction into a table like the registry's.</summary>
internal sealed class RawInserts(MySqlContainer mysql) : IAsyncDisposable
{
    private const string Insert =
        "INSERT INTO raw_records (fir_number, session_id, complaint_text, fir_content, status, created_at) VALUES (@id, @id, @text, @content, 'draft', @at)";

    private readonly ConcurrentDictionary<int, MySqlConnection> _connections = [];
    private readonly string _content = new('x', 4000); // about what a rendered FIR has
    private long _next;

    public async Task<LoadResult> RunAsync(int clients, TimeSpan duration)
    {
        await mysql.ExecuteAsync("CREATE TABLE IF NOT EXISTS raw_records LIKE fir_records");
        for (var i = 0; i < clients; i++)
        {
            if (!_connections.ContainsKey(i))
            {
                _connections[i] = await mysql.OpenAsync("Pooling=false");
            }
        }

        var result = await ClosedLoop.RunAsync(clients, duration, InsertAsync);
        return result.ReadBack(await mysql.ColumnAsync("SELECT session_id FROM raw_records"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections.Values)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task InsertAsync(LoadWorker worker)
    {
        var started = Stopwatch.GetTimestamp();
        var id = $"raw-{Interlocked.Increment(ref _next)}-{started:x}";
        var connection = _connections[worker.Index];
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new MySqlCommand(Insert, connection, transaction))
        {
            command.Parameters.AddWithValue("@id", id);
            command.Parameters.AddWithValue("@text", Complaint.Text(id));
            command.Parameters.AddWithValue("@content", _content);
            command.Parameters.AddWithValue("@at", "2026-11-20T19:30:00.0000000Z");
            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        worker.Answered(id, started);
    }
}
