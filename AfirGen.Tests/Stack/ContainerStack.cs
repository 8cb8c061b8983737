using System.Data.Common;
using AfirGen.Tests.Registry;
using MySqlConnector;

namespace AfirGen.Tests.Stack;

/// <summary>The service on a real MySQL in a container: a database of its own on a server that several stacks use one after the other.</summary>
internal sealed class ContainerStack : TestStack
{
    private readonly string _database;

    private ContainerStack(MySqlServer server, string database, IReadOnlyDictionary<string, string>? settings)
        : base(settings)
    {
        Server = server;
        _database = database;
        Settings["ConnectionStrings:firdb"] = server.RootConnectionString(database);
        Settings.TryAdd("AfirGen:Forwarding:MaxBackOff", "00:00:00.5"); // a test does not wait as long as an installation does
    }

    public MySqlServer Server { get; }

    public string Database => _database;

    public override Stores StoresIn(string dataFolder) => new MySqlStores(dataFolder, Server.RootConnectionString(_database));

    public override IReadOnlyList<string> RegistrySettings => ["innodb_flush_log_at_trx_commit", "sync_binlog", "innodb_doublewrite"];

    /// <summary>Returns when the API has reached MySQL: it is ready before that.</summary>
    public static async Task<ContainerStack> StartAsync(MySqlServer server, IReadOnlyDictionary<string, string>? settings = null)
    {
        var stack = await StartedAsync(await PreparedAsync(server, settings));
        await Eventually.TrueAsync(
            async () => (await stack.Client.GetAsync("/health"))["database"] == "connected",
            "the registry is connected"
        );
        return stack;
    }

    /// <summary>With its database; the API is not started yet.</summary>
    public static async Task<ContainerStack> PreparedAsync(MySqlServer server, IReadOnlyDictionary<string, string>? settings = null) =>
        new(server, await server.CreateDatabaseAsync(), settings);

    /// <param name="port">Of a wire in between; null: the server's own.</param>
    public string ConnectionString(int? port = null) => Server.RootConnectionString(_database, port);

    /// <summary>Its database is not wanted any more.</summary>
    public Task DropAsync() => Server.ExecuteAsync($"DROP DATABASE {_database}");

    /// <summary>As <c>docker stop</c> does: mysqld shuts down in order.</summary>
    public Task StopRegistryAsync() => Server.StopAsync();

    public Task KillRegistryAsync() => Server.KillAsync();

    public Task PauseRegistryAsync() => Server.FreezeAsync();

    public Task ResumeRegistryAsync() => Server.ThawAsync();

    /// <summary>Returns when it answers.</summary>
    public Task StartRegistryAsync() => Server.StartAsync();

    /// <summary>Does what an operator does who does not want to wait for the next health check, and waits until all is delivered.</summary>
    public async Task RecoverAsync()
    {
        await Eventually.TrueAsync(
            async () => (await Client.PostAsync("/reliability/auto-recovery/database/trigger")).RequireOk()["success"] == "true",
            "the recovery finds the database"
        );
        await DeliveredAsync();
    }

    public override IReadOnlyList<string> RegistryDamage() => Damage(Stores);

    internal static IReadOnlyList<string> Damage(Stores stores) =>
        [
            .. stores
                .Registry(
                    "CHECK TABLE fir_records, registration_counters, ledger_head EXTENDED",
                    row => $"{row.GetString(0)}: {row.GetString(3)}"
                )
                .Where(line => !line.EndsWith(": OK", StringComparison.Ordinal)),
        ];

    internal sealed class MySqlStores(string dataFolder, string connectionString) : Stores(dataFolder)
    {
        public override List<T> Registry<T>(string sql, Func<DbDataReader, T> map, params object[] values)
        {
            Assert.Empty(values);
            using var connection = new MySqlConnection(connectionString + ";Pooling=false");
            connection.Open();
            using var command = new MySqlCommand(sql, connection);
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(map(reader));
            }

            return rows;
        }
    }
}
