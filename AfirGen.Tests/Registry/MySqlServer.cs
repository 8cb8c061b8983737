using AfirGen.Api.Registry.MySql;
using AfirGen.Tests.Stack;
using MySqlConnector;

namespace AfirGen.Tests.Registry;

/// <summary>
/// A real MySQL 9.7 in a container of its own, with the flags that we promise. Docker missing is a failure, never a skip: the guarantee
/// is not proven without it.
/// </summary>
public class MySqlServer : IAsyncLifetime
{
    public const string RootPassword = "test-root-password";
    private readonly string _name = $"afirgen-t-{Guid.NewGuid():N}"[..22];

    public string Container => _name;

    /// <summary>The same through restarts.</summary>
    public int Port { get; } = Docker.FreePort();

    /// <summary>What <c>docker run</c> gets besides the port and the root's password.</summary>
    protected virtual IReadOnlyList<string> RunOptions => [];

    /// <summary>What <c>mysqld</c> gets.</summary>
    protected virtual IReadOnlyList<string> Arguments => [.. MySqlFlags.Arguments, MySqlFlags.TriggersWithoutSuper];

    public async ValueTask InitializeAsync()
    {
        string[] run =
        [
            "run",
            "--detach",
            "--name",
            _name,
            "--label",
            "afirgen.test=1",
            "--publish",
            $"127.0.0.1:{Port}:3306",
            "--env",
            $"MYSQL_ROOT_PASSWORD={RootPassword}",
            .. RunOptions,
            "mysql:9.7",
        ];
        await Docker.RunAsync([.. run, .. Arguments]);
        await WaitUntilReadyAsync();
    }

    /// <summary>SIGKILL for mysqld.</summary>
    public Task KillAsync() => Docker.RunAsync("kill", _name);

    /// <summary>The same, and no complaint when it is dead already.</summary>
    public async Task KillIfRunningAsync()
    {
        await Docker.TryAsync("kill", _name);
        await Docker.RunAsync("wait", _name);
    }

    /// <summary>SIGTERM for mysqld, which then shuts down in order.</summary>
    public Task StopAsync() => Docker.RunAsync("stop", "--time", "60", _name);

    public async Task StartAsync()
    {
        await Docker.RunAsync("start", _name);
        await WaitUntilReadyAsync();
    }

    public Task FreezeAsync() => Docker.RunAsync("pause", _name);

    public Task ThawAsync() => Docker.RunAsync("unpause", _name);

    public string RootConnectionString(string database = "", int? port = null) => ConnectionString("root", RootPassword, database, port);

    public string ConnectionString(string user, string password, string database, int? port = null) =>
        new MySqlConnectionStringBuilder
        {
            Server = "127.0.0.1",
            Port = (uint)(port ?? Port),
            UserID = user,
            Password = password,
            Database = database,
            // In plain text, so that a proxy can tell which command it cuts off.
            SslMode = MySqlSslMode.None,
            AllowPublicKeyRetrieval = true,
        }.ConnectionString;

    /// <summary>Runs statements as root, each committed.</summary>
    public async Task ExecuteAsync(string sql, string database = "")
    {
        await using var connection = new MySqlConnection(RootConnectionString(database) + ";AllowUserVariables=true");
        await connection.OpenAsync();
        await using var command = new MySqlCommand("SET autocommit = 1; " + sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql, string database = "")
    {
        await using var connection = new MySqlConnection(RootConnectionString(database));
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        return (T)Convert.ChangeType((await command.ExecuteScalarAsync())!, typeof(T), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <returns>The name of a new, empty database.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"fir_{Guid.NewGuid():N}"[..16];
        await ExecuteAsync($"CREATE DATABASE {name}");
        return name;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Docker.RemoveAsync(_name);
    }

    private Task WaitUntilReadyAsync() => Docker.WaitForMySqlAsync(_name, RootConnectionString());
}

/// <summary>Tests of one server run one after the other: some of them break it for a while.</summary>
[CollectionDefinition(Name)]
public sealed class MySqlTests : ICollectionFixture<MySqlServer>
{
    public const string Name = "MySQL";
}
