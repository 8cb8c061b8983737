using System.Globalization;
using AfirGen.Tests.Registry;
using MySqlConnector;

namespace AfirGen.Tests.Stack;

/// <summary>Something that keeps MySQL from taking a registration, until it is ended.</summary>
internal sealed class RegistryOutage : IAsyncDisposable
{
    private readonly Func<Task> _end;
    private bool _ended;

    private RegistryOutage(string reason, Func<Task> end)
    {
        Reason = reason;
        _end = end;
    }

    /// <summary>What an operator must be told.</summary>
    public string Reason { get; }

    public static Task<RegistryOutage> BeginAsync(string kind, MySqlServer server) =>
        kind switch
        {
            "stopped" => BeginAsync("MySQL", server.StopAsync, server.StartAsync),
            "killed" => BeginAsync("MySQL", server.KillAsync, server.StartAsync),
            "frozen" => BeginAsync("MySQL", server.FreezeAsync, server.ThawAsync),
            "read-only" => BeginAsync(
                "MySQL is read-only",
                () => server.ExecuteAsync("SET GLOBAL super_read_only = ON"),
                () => server.ExecuteAsync("SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF")
            ),
            "out of connections" => OutOfConnectionsAsync(server),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

    public async Task EndAsync()
    {
        if (!_ended)
        {
            _ended = true;
            await _end();
        }
    }

    public async ValueTask DisposeAsync() => await EndAsync();

    public static async Task<RegistryOutage> BeginAsync(string reason, Func<Task> begin, Func<Task> end)
    {
        await begin();
        return new(reason, end);
    }

    /// <summary>Takes every connection that there is, those of the service too, and keeps them.</summary>
    private static async Task<RegistryOutage> OutOfConnectionsAsync(MySqlServer server)
    {
        var own = server.RootConnectionString() + ";Pooling=false";
        var control = new MySqlConnection(own);
        await control.OpenAsync();
        var usual = await ScalarAsync("SELECT @@GLOBAL.max_connections");
        var held = new List<MySqlConnection>();
        await ExecuteAsync("SET GLOBAL max_connections = 12");
        await Eventually.TrueAsync(
            async () =>
            {
                foreach (var id in await OthersAsync())
                {
                    await ExecuteAsync($"KILL {id}");
                }

                await TakeAllAsync();
                return (await OthersAsync()).Count == 0;
            },
            "no connection is left"
        );
        return new("MySQL has no connection left", EndAsync);

        async Task EndAsync()
        {
            await ExecuteAsync($"SET GLOBAL max_connections = {usual}");
            held.ForEach(connection => connection.Dispose());
            await control.DisposeAsync();
        }

        async Task TakeAllAsync()
        {
            while (true)
            {
                var next = new MySqlConnection(own);
                try
                {
                    await next.OpenAsync();
                    held.Add(next);
                }
                catch (MySqlException e) when (e.ErrorCode == MySqlErrorCode.ConnectionCountError)
                {
                    await next.DisposeAsync();
                    return;
                }
            }
        }

        async Task<List<long>> OthersAsync()
        {
            var ours = string.Join(',', held.Append(control).Select(connection => connection.ServerThread));
            await using var command = new MySqlCommand(
                $"SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'root' AND ID NOT IN ({ours})",
                control
            );
            await using var reader = await command.ExecuteReaderAsync();
            var ids = new List<long>();
            while (await reader.ReadAsync())
            {
                ids.Add(reader.GetInt64(0));
            }

            return ids;
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = new MySqlCommand(sql, control);
            try
            {
                await command.ExecuteNonQueryAsync();
            }
            catch (MySqlException e) when (e.ErrorCode == MySqlErrorCode.NoSuchThread) { } // it has gone by itself
        }

        async Task<long> ScalarAsync(string sql)
        {
            await using var command = new MySqlCommand(sql, control);
            return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
        }
    }
}
