using System.Net;
using System.Net.Sockets;
using AfirGen.Api.Registry.MySql;
using CliWrap;
using CliWrap.Buffered;
using MySqlConnector;

namespace AfirGen.Tests.Registry;

/// <summary>
/// A real MySQL 9.7 in a container of its own, with the flags that we promise. Docker missing is a failure, never a skip: the guarantee
/// is not proven without it.
/// </summary>
public class MySqlServer : IAsyncLifetime
{
    protected const string RootPassword = "test-root-password";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly string _name = $"afirgen-t-{Guid.NewGuid():N}"[..22];

    /// <summary>The same through restarts.</summary>
    public int Port { get; } = FreePort();

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
        await DockerAsync([.. run, .. Arguments]);
        await WaitUntilReadyAsync();
    }

    /// <summary>SIGKILL for mysqld.</summary>
    public Task KillAsync() => DockerAsync("kill", _name);

    /// <summary>The same, and no complaint when it is dead already.</summary>
    public async Task KillIfRunningAsync()
    {
        await Cli.Wrap("docker").WithArguments(["kill", _name]).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        await DockerAsync("wait", _name);
    }

    /// <summary>SIGTERM for mysqld, which then shuts down in order.</summary>
    public Task StopAsync() => DockerAsync("stop", "--time", "60", _name);

    public async Task StartAsync()
    {
        await DockerAsync("start", _name);
        await WaitUntilReadyAsync();
    }

    public Task FreezeAsync() => DockerAsync("pause", _name);

    public Task ThawAsync() => DockerAsync("unpause", _name);

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
        await Cli.Wrap("docker")
            .WithArguments(["rm", "--force", "--volumes", _name])
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync();
    }

    private async Task WaitUntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                await using var connection = new MySqlConnection(RootConnectionString() + ";Pooling=false;ConnectionTimeout=2");
                await connection.OpenAsync(limit.Token);
                return;
            }
            catch (MySqlException)
            {
                await Task.Delay(100, limit.Token);
            }
        }
    }

    /// <returns>What it wrote.</returns>
    internal static async Task<string> DockerAsync(params string[] arguments)
    {
        var result = await Cli.Wrap("docker").WithArguments(arguments).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"docker {arguments[0]}: {result.StandardError}");
        }

        return result.StandardOutput.Trim();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Tests of one server run one after the other: some of them break it for a while.</summary>
[CollectionDefinition(Name)]
public sealed class MySqlTests : ICollectionFixture<MySqlServer>
{
    public const string Name = "MySQL";
}
