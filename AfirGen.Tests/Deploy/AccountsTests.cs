using AfirGen.Api.Registry;
using AfirGen.Api.Registry.MySql;
using AfirGen.Tests.Draining;
using AfirGen.Tests.Registry;
using AfirGen.Tests.Stack;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace AfirGen.Tests.Deploy;

/// <summary>A MySQL that starts for the first time as in the reference deployment, with the accounts of deploy/mysql.</summary>
public sealed class DeployedMySql : MySqlServer
{
    public const string Database = "fir_db";
    private static readonly string[] Accounts = ["migrator", "app", "flush", "monitor", "trial"];

    protected override IReadOnlyList<string> RunOptions =>
        [
            "--env",
            $"MYSQL_DATABASE={Database}",
            .. Accounts.SelectMany(name => (string[])["--env", $"AFIRGEN_{name.ToUpperInvariant()}_PASSWORD={Password(name)}"]),
            "--volume",
            $"{Path.Combine(Repository.Root, "deploy", "mysql")}:/docker-entrypoint-initdb.d:ro",
        ];

    public string As(string account, string database = Database) => ConnectionString($"afirgen_{account}", Password(account), database);

    public async Task<List<string>> GrantsAsync(string account)
    {
        await using var connection = new MySqlConnection(RootConnectionString());
        await connection.OpenAsync(Running.Test);
        await using var command = new MySqlCommand($"SHOW GRANTS FOR afirgen_{account}", connection);
        await using var row = await command.ExecuteReaderAsync(Running.Test);
        var grants = new List<string>();
        while (await row.ReadAsync(Running.Test))
        {
            grants.Add(row.GetString(0).Replace("`", "", StringComparison.Ordinal));
        }

        return grants;
    }

    // What the script must quote, in each of them.
    private static string Password(string account) => $"it's\\{account}";
}

/// <summary>What the accounts of deploy/mysql may do, on a server that the script has run on and the service has migrated.</summary>
public sealed class AccountsTests(DeployedMySql server) : IClassFixture<DeployedMySql>, IAsyncLifetime
{
    private const int AccessDenied = 1142;
    private const int RaisedByTrigger = 1644;
    private readonly CapturedLog _log = new();
    private ILoggerFactory? _logging;
    private MySqlRegistry? _registry;

    public async ValueTask InitializeAsync()
    {
        _logging = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _registry = RegistryBench.MySql(server.As("app"), server.As("migrator"), server.As("flush", database: ""), _logging);
        await _registry.OpenAsync(Running.Test);
        Assert.IsType<Registered>((await _registry.DeliverAsync(Changes.WholeSession("a"), Running.Test))[2]); // the same one each time
    }

    public ValueTask DisposeAsync()
    {
        _logging?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("migrator", "USAGE ON *.*", "SELECT, INSERT, UPDATE, CREATE, INDEX, ALTER, TRIGGER ON fir_db.*")]
    [InlineData(
        "app",
        "USAGE ON *.*",
        "SELECT, INSERT, UPDATE ON fir_db.fir_records",
        "SELECT, INSERT, UPDATE ON fir_db.ledger_head",
        "SELECT, INSERT, UPDATE ON fir_db.registration_counters",
        "SELECT ON fir_db.VersionInfo"
    )]
    [InlineData("flush", "USAGE ON *.*", "FLUSH_TABLES ON *.*")]
    [InlineData("monitor", "PROCESS ON *.*", "SELECT ON performance_schema.*")]
    [InlineData("trial", "USAGE ON *.*", @"SELECT, INSERT, UPDATE, CREATE, DROP, INDEX, ALTER, TRIGGER ON fir\_trial.*")]
    public async Task Each_account_has_the_documented_grants_and_no_others(string account, params string[] grants)
    {
        var wanted = grants.Select(grant => $"GRANT {grant} TO afirgen_{account}@%");
        Assert.Equal(wanted.Order(StringComparer.Ordinal), (await server.GrantsAsync(account)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nobody_else_may_log_in() =>
        Assert.Equal(
            "afirgen_app,afirgen_flush,afirgen_migrator,afirgen_monitor,afirgen_trial,root",
            await server.ScalarAsync<string>("SELECT GROUP_CONCAT(DISTINCT user ORDER BY user) FROM mysql.user WHERE account_locked = 'N'")
        );

    [Theory]
    [InlineData("app", "DELETE FROM fir_records")]
    [InlineData("app", "DELETE FROM registration_counters")]
    [InlineData("app", "DELETE FROM ledger_head")]
    [InlineData("app", "UPDATE VersionInfo SET Version = 0")]
    [InlineData("app", "DROP TRIGGER finalized_records_never_change")]
    [InlineData("app", "TRUNCATE TABLE fir_records")]
    [InlineData("app", "CREATE TABLE notes (id INT)")]
    [InlineData("migrator", "DELETE FROM fir_records")]
    [InlineData("migrator", "TRUNCATE TABLE fir_records")]
    [InlineData("migrator", "DROP TABLE fir_records")]
    [InlineData("flush", "SELECT COUNT(*) FROM fir_db.fir_records")]
    [InlineData("monitor", "SELECT COUNT(*) FROM fir_db.fir_records")]
    [InlineData("trial", "SELECT COUNT(*) FROM fir_db.fir_records")]
    [InlineData("trial", "UPDATE fir_db.ledger_head SET position = 0")]
    [InlineData("trial", "DROP TABLE fir_db.fir_records")]
    public async Task What_an_account_has_no_right_to_is_refused(string account, string sql) =>
        Assert.Equal(AccessDenied, (await RefusedAsync(account, sql)).Number);

    [Theory]
    [InlineData("app")]
    [InlineData("migrator")]
    public async Task A_registered_fir_is_changed_by_nobody(string account)
    {
        var e = await RefusedAsync(account, "UPDATE fir_records SET complaint_text = 'x' WHERE session_id = 'a'");
        Assert.Equal(RaisedByTrigger, e.Number);
        Assert.Contains("a finalized record never changes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_again_the_script_changes_nothing_but_the_passwords()
    {
        string[] accounts = ["migrator", "app", "flush", "monitor", "trial"];
        var before = await Task.WhenAll(accounts.Select(server.GrantsAsync));
        const string script = "/docker-entrypoint-initdb.d/10-accounts.sh";

        await Docker.RunAsync("exec", "--env", "AFIRGEN_FLUSH_PASSWORD=another one", server.Container, script);

        Assert.Equal(before, await Task.WhenAll(accounts.Select(server.GrantsAsync)));
        var old = await Assert.ThrowsAsync<MySqlException>(() => OpenAsync(server.As("flush", database: "")));
        Assert.Equal(MySqlErrorCode.AccessDenied, old.ErrorCode);
        await OpenAsync(server.ConnectionString("afirgen_flush", "another one", database: ""));
        await Docker.RunAsync("exec", server.Container, script); // as the other tests know them
        await OpenAsync(server.As("flush", database: ""));
    }

    [Fact]
    public async Task They_are_enough_for_the_guard_and_for_the_flush_at_a_stop()
    {
        Assert.DoesNotContain(await _registry!.ReadSettingsAsync(Running.Test), setting => !setting.Ok);
        await _registry.FlushAsync(Running.Test);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("FLUSH", StringComparison.Ordinal));
    }

    private static async Task OpenAsync(string connectionString)
    {
        await using var connection = new MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Running.Test);
    }

    private async Task<MySqlException> RefusedAsync(string account, string sql)
    {
        // Not pooled: a refused UPDATE keeps its locks until the session ends, autocommit is off.
        var database = account is "flush" or "monitor" or "trial" ? "" : DeployedMySql.Database;
        await using var connection = new MySqlConnection(server.As(account, database) + ";Pooling=false");
        await connection.OpenAsync(Running.Test);
        await using var command = new MySqlCommand(sql, connection);
        return await Assert.ThrowsAsync<MySqlException>(() => command.ExecuteNonQueryAsync(Running.Test));
    }
}
