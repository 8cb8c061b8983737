using System.Globalization;
using AfirGen.Api.Registry.MySql;
using AfirGen.Tests.Stack;
using MySqlConnector;

namespace AfirGen.Bench.Machines;

/// <summary>A real MySQL 9.7 in a container of its own, removed with everything in it.</summary>
internal sealed class MySqlContainer : IAsyncDisposable
{
    public const string Database = "fir_db";
    private const string Password = "bench-root-password";
    private static readonly string[] DurableFlags = ["--innodb-flush-log-at-trx-commit=", "--sync-binlog="];
    private readonly string _name = $"afirgen-bench-{Guid.NewGuid():N}"[..24];
    private readonly int _port = Docker.FreePort();

    public string ConnectionString =>
        $"Server=127.0.0.1;Port={_port};Database={Database};User ID=root;Password={Password};SslMode=None;AllowPublicKeyRetrieval=true";

    /// <param name="relaxed">Flushed once a second instead of at each commit: what a crash may take is the price that is saved.</param>
    public static async Task<MySqlContainer> StartAsync(bool relaxed)
    {
        var container = new MySqlContainer();
        string[] run =
        [
            "run",
            "--detach",
            "--name",
            container._name,
            "--label",
            $"afirgen.bench={Environment.GetEnvironmentVariable("AFIRGEN_BENCH_RUN")}",
            "--publish",
            $"127.0.0.1:{container._port}:3306",
            "--env",
            $"MYSQL_ROOT_PASSWORD={Password}",
            "--env",
            $"MYSQL_DATABASE={Database}",
            "mysql:9.7",
        ];
        var flags = MySqlFlags.Arguments.Where(flag =>
            !relaxed || !DurableFlags.Any(durable => flag.StartsWith(durable, StringComparison.Ordinal))
        );
        string[] loose = relaxed ? ["--innodb-flush-log-at-trx-commit=2", "--sync-binlog=0"] : [];
        try
        {
            await Docker.RunAsync([.. run, .. flags, .. loose]);
            await Docker.WaitForMySqlAsync(container._name, container.ConnectionString);
            return container;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    public async Task<MySqlConnection> OpenAsync(string options = "")
    {
        var connection = new MySqlConnection($"{ConnectionString};{options}");
        await connection.OpenAsync();
        return connection;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync("Pooling=false;DefaultCommandTimeout=300");
        await using var command = new MySqlCommand("SET autocommit = 1; " + sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <returns>The values of a query of one column.</returns>
    public async Task<HashSet<string>> ColumnAsync(string sql)
    {
        await using var connection = await OpenAsync("Pooling=false");
        await using var command = new MySqlCommand(sql, connection);
        await using var row = await command.ExecuteReaderAsync();
        var values = new HashSet<string>();
        while (await row.ReadAsync())
        {
            values.Add(Convert.ToString(row.GetValue(0), CultureInfo.InvariantCulture) ?? "");
        }

        return values;
    }

    /// <summary>MySQL's own load generator, inside the container, over its socket.</summary>
    /// <returns>Queries a second.</returns>
    public async Task<double> SlapAsync(int clients, int queries, string create, string query)
    {
        var output = await Docker.RunAsync(
            "exec",
            "--env",
            $"MYSQL_PWD={Password}",
            _name,
            "mysqlslap",
            "--user=root",
            $"--concurrency={clients}",
            $"--number-of-queries={queries}",
            "--create-schema=slap",
            $"--create={create}",
            $"--query={query}",
            "--commit=1",
            "--csv"
        );
        // CSV: engine, type of load, average, minimum and maximum seconds, clients, queries each.
        var columns = output.Split(',');
        return queries / double.Parse(columns[2], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync() => await Docker.RemoveAsync(_name);
}
