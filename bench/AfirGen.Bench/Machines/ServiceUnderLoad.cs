using System.Net;
using AfirGen.Api.Durability;
using AfirGen.Bench.Load;
using AfirGen.Tests.Stack;
using Microsoft.Data.Sqlite;

namespace AfirGen.Bench.Machines;

/// <summary>The real service in a process and a folder of its own, with one registry or the other.</summary>
internal sealed class ServiceUnderLoad : IAsyncDisposable
{
    public const string AuthKey = "bench-finalisation-key";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();
    private readonly MySqlContainer? _mysql;
    private readonly Dictionary<string, string> _settings;
    private ApiProcess? _api;
    private HttpConnection[] _connections = [];

    /// <param name="mysql">Null: embedded.</param>
    /// <param name="mutation">A deliberate defect, for what a setting without durability would give.</param>
    public ServiceUnderLoad(MySqlContainer? mysql = null, string? mutation = null)
    {
        _mysql = mysql;
        _settings = new()
        {
            ["AfirGen:FinalisationKey"] = AuthKey,
            ["ConnectionStrings:firdb"] = mysql?.ConnectionString ?? "",
            ["DOTNET_EnableWriteXorExecute"] = "1", // as it is deployed; the tests do without
            [Mutations.Setting] = mutation ?? "",
            [Mutations.Permission] = mutation is null ? "false" : "true",
        };
    }

    public string Folder => _folder.Path;

    public string RegistryFile => _folder.File("firs.db");

    public string JournalFile => _folder.File("sessions.db");

    public ApiProcess Api => _api ?? throw new InvalidOperationException("Not started.");

    public IPEndPoint Address => EmptyEndpoint.AddressOf(Api.Address);

    /// <param name="warmUp">Null: so long that what is hot is compiled for good; its compiling takes as much of the processor as the work.</param>
    public static async Task<ServiceUnderLoad> StartNewAsync(MySqlContainer? mysql = null, string? mutation = null, TimeSpan? warmUp = null)
    {
        var service = new ServiceUnderLoad(mysql, mutation);
        try
        {
            await service.StartAsync();
            await service.RunAsync(64, warmUp ?? TimeSpan.FromSeconds(4));
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public async Task StartAsync()
    {
        Disconnect();
        _api = await ApiProcess.StartAsync(_folder.Path, _settings);
    }

    /// <summary>A connection that lives as long as the process: connecting is not what is measured.</summary>
    public HttpConnection Connection(int index)
    {
        lock (_settings)
        {
            for (var next = _connections.Length; next <= index; next++)
            {
                _connections = [.. _connections, new(Address)];
            }

            return _connections[index];
        }
    }

    /// <summary>Complaints from as many clients, each with an idempotency key as the page sends it.</summary>
    public Task<LoadResult> RunAsync(int clients, TimeSpan duration, bool keys = true)
    {
        Connection(clients - 1);
        return ClosedLoop.RunAsync(clients, duration, worker => ProcessAsync(worker, System.Diagnostics.Stopwatch.GetTimestamp(), keys));
    }

    /// <summary>So many complaints.</summary>
    public Task<LoadResult> RunManyAsync(int clients, long requests)
    {
        var left = requests;
        return LoadWhileAsync(
            clients,
            () => Interlocked.Decrement(ref left) >= 0,
            (worker, _) => ProcessAsync(worker, System.Diagnostics.Stopwatch.GetTimestamp(), keys: true)
        );
    }

    /// <summary>Requests of any kind, one connection a client.</summary>
    public Task<LoadResult> LoadAsync(int clients, TimeSpan duration, Func<LoadWorker, HttpConnection, Task> request)
    {
        Connection(clients - 1);
        return ClosedLoop.RunAsync(clients, duration, worker => request(worker, Connection(worker.Index)));
    }

    /// <summary>The same, until there is no more to do.</summary>
    public Task<LoadResult> LoadWhileAsync(int clients, Func<bool> more, Func<LoadWorker, HttpConnection, Task> request)
    {
        Connection(clients - 1);
        return ClosedLoop.RunAsync(clients, more, worker => request(worker, Connection(worker.Index)));
    }

    /// <summary>The same at a fixed rate.</summary>
    public Task<LoadResult> RunAtAsync(double rate, int connections, TimeSpan duration)
    {
        Connection(connections - 1);
        return OpenLoop.RunAsync(rate, connections, duration, (worker, due) => ProcessAsync(worker, due, keys: true));
    }

    /// <summary>Waits until the registry has everything, and looks for every acknowledged session in both stores.</summary>
    /// <param name="registered">What was acknowledged is the registration: a serial and a place in the ledger.</param>
    public async Task<IReadOnlyList<LoadResult>> ReadBackAsync(IReadOnlyList<LoadResult> rounds, bool registered = false)
    {
        await WaitForEmptyOutboxAsync();
        var journal = Column(JournalFile, "SELECT session_id FROM session_rows");
        var records = registered
            ? "SELECT session_id FROM fir_records WHERE status = 'finalized' AND registration_serial IS NOT NULL AND record_hash IS NOT NULL"
            : "SELECT session_id FROM fir_records";
        journal.IntersectWith(_mysql is null ? Column(RegistryFile, records) : await _mysql.ColumnAsync(records));
        return [.. rounds.Select(round => round.ReadBack(journal))];
    }

    public async Task WaitForEmptyOutboxAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (Column(JournalFile, "SELECT COUNT(*) FROM outbox WHERE delivered_at IS NULL").Single() != "0")
        {
            await Task.Delay(20, limit.Token);
        }
    }

    public long ResidentBytes() =>
        1024
        * long.Parse(
            File.ReadLines($"/proc/{Api.Pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split()[^2]
        );

    public async ValueTask DisposeAsync()
    {
        Disconnect();
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task ProcessAsync(LoadWorker worker, long due, bool keys)
    {
        var mark = $"{worker.Index}-{due:x}";
        var reply = await Connection(worker.Index).SendAsync(WireRequest.Process(Complaint.Text(mark), keys ? mark : null));
        if (reply.Status == (int)HttpStatusCode.OK)
        {
            if (!reply.InRegistry)
            {
                throw new InvalidOperationException("Answered after the journal's commit alone: that is not what is measured.");
            }

            worker.Answered(WireRequest.SessionIdOf(reply), due);
        }
        else
        {
            worker.Refused();
        }
    }

    private void Disconnect()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        _connections = [];
    }

    private static HashSet<string> Column(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // callers pass constants
        command.CommandText = sql;
#pragma warning restore CA2100
        using var row = command.ExecuteReader();
        var values = new HashSet<string>();
        while (row.Read())
        {
            values.Add(row.GetString(0));
        }

        return values;
    }
}
