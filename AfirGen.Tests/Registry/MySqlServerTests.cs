using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Ledger;
using AfirGen.Api.Registry.MySql;
using AfirGen.Tests.Draining;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace AfirGen.Tests.Registry;

/// <summary>What only a MySQL server can do to us.</summary>
[Collection(MySqlTests.Name)]
public sealed class MySqlServerTests(MySqlServer server)
{
    [Fact]
    public async Task With_autocommit_off_what_we_deliver_is_committed_and_what_others_forget_to_commit_is_gone()
    {
        var database = await server.CreateDatabaseAsync();
        var registry = RegistryBench.MySql(server.RootConnectionString(database));
        await registry.OpenAsync(Running.Test);
        Assert.Equal("0", await server.ScalarAsync<string>("SELECT @@GLOBAL.autocommit"));
        await registry.DeliverAsync([Changes.Draft("ours")], Running.Test);

        await using (var careless = new MySqlConnection(server.RootConnectionString(database) + ";Pooling=false"))
        {
            await careless.OpenAsync(Running.Test);
            await using var insert = new MySqlCommand(
                "INSERT INTO fir_records (fir_number, session_id, complaint_text, status, created_at) VALUES ('x', 'x', 'x', 'draft', 'x')",
                careless
            );
            Assert.Equal(1, await insert.ExecuteNonQueryAsync(Running.Test));
        }

        Assert.Equal("ours", await server.ScalarAsync<string>("SELECT GROUP_CONCAT(session_id) FROM fir_records", database));
        Assert.Equal(1, await server.ScalarAsync<long>("SELECT COUNT(*) FROM VersionInfo", database)); // the migration is committed too
        Assert.Equal(1, await server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger_head", database));
    }

    [Fact]
    public async Task G7_a_registry_that_a_newer_version_has_migrated_is_not_written()
    {
        var database = await server.CreateDatabaseAsync();
        await RegistryBench.MySql(server.RootConnectionString(database)).OpenAsync(Running.Test);
        await server.ExecuteAsync("INSERT INTO VersionInfo (Version, AppliedOn) VALUES (299912310000, NOW())", database);

        var older = RegistryBench.MySql(server.RootConnectionString(database));
        var refused = await Assert.ThrowsAsync<RegistryUnavailableException>(() => older.OpenAsync(Running.Test));

        Assert.Contains("newer version of AfirGen (schema 299912310000)", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.OutcomeUnknown);
        await server.ExecuteAsync("DELETE FROM VersionInfo WHERE Version = 299912310000", database);
        await older.OpenAsync(Running.Test);
    }

    [Fact]
    public async Task Two_services_registering_at_once_leave_gapless_serials_and_one_chain()
    {
        const int each = 100;
        var database = await server.CreateDatabaseAsync();
        IRegistry[] registries =
        [
            RegistryBench.MySql(server.RootConnectionString(database)),
            RegistryBench.MySql(server.RootConnectionString(database) + ";ConnectionTimeout=4"),
        ];
        await Task.WhenAll(registries.Select(registry => registry.OpenAsync(Running.Test))); // both migrate
        var outcomes = await Task.WhenAll(
            registries.SelectMany((registry, r) => Enumerable.Range(0, 4).Select(lane => RegisterAsync(registry, $"{r}-{lane}", each / 4)))
        );

        var registered = outcomes.SelectMany(o => o).OrderBy(r => r.Entry.Position).ToList();
        Assert.Equal(Enumerable.Range(1, 2 * each).Select(i => (long)i), registered.Select(r => r.Entry.Position));
        foreach (var station in registered.GroupBy(r => r.Registration.StationCode))
        {
            Assert.Equal(Enumerable.Range(1, station.Count()).Select(i => (long)i), station.Select(r => r.Registration.Serial).Order());
        }

        var head = LedgerHead.Genesis;
        foreach (var entry in registered.Select(r => r.Entry))
        {
            Assert.Equal(head.Hash, entry.PreviousHash);
            head = entry.AsHead();
        }

        Assert.Equal(head.Hash, await server.ScalarAsync<string>("SELECT hash FROM ledger_head", database));

        static async Task<List<Registered>> RegisterAsync(IRegistry registry, string lane, int count)
        {
            var registered = new List<Registered>();
            for (var i = 0; i < count; i++)
            {
                var session = $"{lane}-{i}";
                var change = Changes.Register(session, station: i % 2 == 0 ? "PS" : "XY");
                var outcomes = await registry.DeliverAsync([Changes.Draft(session), Changes.Pending(session), change], Running.Test);
                registered.Add((Registered)outcomes[2]);
            }

            return registered;
        }
    }

    [Theory]
    [InlineData("UPDATE fir_records SET complaint_text = 'x' WHERE session_id = 'a'", "a finalized record never changes")]
    [InlineData("DELETE FROM fir_records WHERE session_id = 'a'", "records are never deleted")]
    [InlineData("UPDATE registration_counters SET last_serial = 7", "serials are gapless")]
    [InlineData("DELETE FROM registration_counters", "counters are never deleted")]
    [InlineData("UPDATE ledger_head SET position = 0", "the ledger only grows")]
    [InlineData("DELETE FROM ledger_head", "the ledger is never deleted")]
    public async Task The_database_itself_refuses_to_rewrite_history(string sql, string reason)
    {
        var database = await server.CreateDatabaseAsync();
        var registry = RegistryBench.MySql(server.RootConnectionString(database));
        await registry.OpenAsync(Running.Test);
        await registry.DeliverAsync(Changes.WholeSession("a"), Running.Test);
        var e = await Assert.ThrowsAsync<MySqlException>(() => server.ExecuteAsync(sql, database));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_that_a_crash_cut_short_is_run_again()
    {
        var database = await server.CreateDatabaseAsync();
        await RegistryBench.MySql(server.RootConnectionString(database)).OpenAsync(Running.Test);
        // As if the process had died after some of the statements: DDL has committed, the version row has not.
        await server.ExecuteAsync("DROP TABLE VersionInfo; DROP TRIGGER the_ledger_only_grows; DROP TABLE registration_counters", database);
        var registry = RegistryBench.MySql(server.RootConnectionString(database));
        await registry.OpenAsync(Running.Test);
        Assert.IsType<Registered>((await registry.DeliverAsync(Changes.WholeSession("a"), Running.Test))[2]);
        Assert.Equal(
            6,
            await server.ScalarAsync<long>($"SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = '{database}'")
        );
    }

    [Theory]
    [InlineData("sync_binlog", "0", "1")]
    [InlineData("innodb_flush_log_at_trx_commit", "2", "1")]
    public async Task Nothing_is_delivered_to_a_server_that_does_not_sync(string variable, string wrong, string right)
    {
        var database = await server.CreateDatabaseAsync();
        var registry = RegistryBench.MySql(server.RootConnectionString(database));
        await registry.OpenAsync(Running.Test);
        await server.ExecuteAsync($"SET GLOBAL {variable} = {wrong}");
        try
        {
            var e = await Assert.ThrowsAsync<RegistryUnavailableException>(() => registry.DeliverAsync([Changes.Draft("a")], Running.Test));
            Assert.False(e.OutcomeUnknown);
            Assert.Contains($"{variable} is {wrong}, wanted {right}", e.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<RegistryUnavailableException>(() => registry.ProbeAsync(Running.Test));
            Assert.Empty(await registry.ListAsync(10, 0, Running.Test)); // reading still works
        }
        finally
        {
            await server.ExecuteAsync($"SET GLOBAL {variable} = {right}");
        }

        await registry.DeliverAsync([Changes.Draft("a")], Running.Test);
    }

    [Theory]
    [MemberData(nameof(WrongSettings.All), MemberType = typeof(WrongSettings))]
    public async Task Every_wrong_setting_is_found(string wrong, string right, string name)
    {
        var database = await server.CreateDatabaseAsync();
        var registry = RegistryBench.MySql(server.RootConnectionString(database));
        await registry.OpenAsync(Running.Test);
        await server.ExecuteAsync(wrong.Replace("{0}", database, StringComparison.Ordinal));
        try
        {
            var found = Assert.Single(await registry.ReadSettingsAsync(Running.Test), setting => !setting.Ok);
            Assert.Equal(name, found.Name);
            Assert.NotEmpty(found.Remedy!);
            if (name != "table_engine") // tables do not change their engine by themselves: the guard's minute is soon enough
            {
                // At once, not when the guard looks again: each transaction asks first.
                var refused = await Assert.ThrowsAsync<RegistryUnavailableException>(() =>
                    registry.DeliverAsync([Changes.Draft("a")], Running.Test)
                );
                Assert.False(refused.OutcomeUnknown);
                Assert.Contains($"{name} is ", refused.Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            await server.ExecuteAsync(right.Replace("{0}", database, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(await registry.ReadSettingsAsync(Running.Test), setting => !setting.Ok);
    }

    [Fact]
    public async Task A_read_only_server_is_said_to_be_one()
    {
        var database = await server.CreateDatabaseAsync();
        var registry = RegistryBench.MySql(server.RootConnectionString(database));
        await registry.OpenAsync(Running.Test);
        await server.ExecuteAsync("SET GLOBAL super_read_only = 1");
        try
        {
            var e = await Assert.ThrowsAsync<RegistryUnavailableException>(() => registry.DeliverAsync([Changes.Draft("a")], Running.Test));
            Assert.False(e.OutcomeUnknown);
            Assert.Contains("read-only", e.Message, StringComparison.Ordinal);
        }
        finally
        {
            await server.ExecuteAsync("SET GLOBAL super_read_only = 0; SET GLOBAL read_only = 0");
        }

        await registry.DeliverAsync([Changes.Draft("a")], Running.Test);
    }

    [Fact]
    public async Task Accounts_with_the_least_privileges_are_enough()
    {
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(
            $"""
            CREATE USER {database}_m@'%' IDENTIFIED BY 'm', {database}_a@'%' IDENTIFIED BY 'a', {database}_f@'%' IDENTIFIED BY 'f';
            GRANT CREATE, ALTER, INDEX, TRIGGER, SELECT, INSERT, UPDATE ON {database}.* TO {database}_m@'%';
            GRANT SELECT, INSERT, UPDATE ON {database}.* TO {database}_a@'%';
            GRANT FLUSH_TABLES ON *.* TO {database}_f@'%';
            GRANT SELECT ON {database}.* TO {database}_f@'%';
            """
        );
        var log = new CapturedLog();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(log));
        var application = server.ConnectionString($"{database}_a", "a", database);
        var migrator = server.ConnectionString($"{database}_m", "m", database);
        var registry = RegistryBench.MySql(application, migrator, server.ConnectionString($"{database}_f", "f", database), factory);
        await registry.OpenAsync(Running.Test);
        Assert.IsType<Registered>((await registry.DeliverAsync(Changes.WholeSession("a"), Running.Test))[2]);
        Assert.DoesNotContain(await registry.ReadSettingsAsync(Running.Test), setting => !setting.Ok);
        await registry.FlushAsync(Running.Test);
        Assert.DoesNotContain(log.Lines, line => line.Contains("FLUSH", StringComparison.Ordinal));

        // Without an account for it the flush is left out with a warning: durability never rests on it.
        await RegistryBench.MySql(application, migrator, log: factory).FlushAsync(Running.Test);
        Assert.Contains(log.Lines, line => line.Contains("FLUSH TABLES was left out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_password_is_explained_and_never_shown()
    {
        var database = await server.CreateDatabaseAsync();
        var registry = RegistryBench.MySql(server.ConnectionString("root", "hunter2-wrong", database));
        var e = await Assert.ThrowsAsync<RegistryUnavailableException>(() => registry.OpenAsync(Running.Test));
        Assert.Contains("check user, password and grants", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transaction_that_another_one_blocks_gives_up_with_a_certain_answer()
    {
        var database = await server.CreateDatabaseAsync();
        var registry = RegistryBench.MySql(server.RootConnectionString(database));
        await registry.OpenAsync(Running.Test);
        await using var blocker = new MySqlConnection(server.RootConnectionString(database));
        await blocker.OpenAsync(Running.Test);
        await using var transaction = await blocker.BeginTransactionAsync(Running.Test);
        await using var hold = new MySqlCommand("SELECT * FROM ledger_head FOR UPDATE", blocker, transaction);
        await hold.ExecuteScalarAsync(Running.Test);
        var e = await Assert.ThrowsAsync<RegistryUnavailableException>(() =>
            registry.DeliverAsync(Changes.WholeSession("a"), Running.Test)
        );
        Assert.False(e.OutcomeUnknown);
        await transaction.RollbackAsync(Running.Test);
        Assert.IsType<Registered>((await registry.DeliverAsync(Changes.WholeSession("a"), Running.Test))[2]);
    }

    [Fact]
    public void Whatever_the_connection_string_says_what_we_need_is_forced()
    {
        var hardened = new MySqlConnectionStringBuilder(
            FirdbConnectionString.Harden(
                "Server=h;User ID=u;Password=p;UseAffectedRows=false;AllowLoadLocalInfile=true;NoBackslashEscapes=true"
            )
        );
        Assert.True(hardened.UseAffectedRows);
        Assert.False(hardened.AllowLoadLocalInfile);
        Assert.False(hardened.NoBackslashEscapes);
        Assert.Equal((3u, 5u), (hardened.ConnectionTimeout, hardened.DefaultCommandTimeout));
    }
}
