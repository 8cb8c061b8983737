using AfirGen.Tests.Registry;
using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Backup;

/// <summary>The same with MySQL as the registry, and, in the other half, what only its binary log can bring back.</summary>
[Collection(MySqlTests.Name)]
public sealed partial class MySqlBackupTests(MySqlServer server) : BackupScenarios
{
    internal override async Task<TestStack> PreparedAsync()
    {
        var stack = await ContainerStack.PreparedAsync(server);
        var database = stack.Database;
        await AccountAsync("firdb", "app", database, "SELECT, INSERT, UPDATE");
        await AccountAsync("firdb-migrator", "migrator", database, "CREATE, ALTER, INDEX, TRIGGER, SELECT, INSERT, UPDATE");
        await AccountAsync("firdb-trial", "trial", database + "_trial", "SELECT, INSERT, UPDATE, CREATE, DROP, ALTER, INDEX, TRIGGER");
        return stack;

        // The accounts of docs/mysql.md and docs/backup.md: nothing here needs more.
        async Task AccountAsync(string name, string suffix, string on, string privileges)
        {
            var user = $"{database}_{suffix}";
            await server.ExecuteAsync($"CREATE USER {user} IDENTIFIED BY 'password-{suffix}'; GRANT {privileges} ON {on}.* TO {user}");
            stack.Settings["ConnectionStrings:" + name] = server.ConnectionString(user, $"password-{suffix}", on);
        }
    }

    internal override Task ConnectedAsync(TestStack stack) =>
        Eventually.TrueAsync(async () => (await stack.Client.GetAsync("/health"))["database"] == "connected", "the registry is connected");

    [Fact]
    public async Task G6_every_backup_is_loaded_into_mysql_for_trial_and_leaves_nothing_there()
    {
        await using var stack = await StartAsync();
        await RegisterAsync(stack, "first");

        var report = (await stack.Client.PostAsync("/backup")).RequireOk().Json["status"]!;

        Assert.Equal("sqlite and mysql", report["restored_into"]!.ToString());
        Assert.Equal(0, await server.ScalarAsync<long>("SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE '%trial'"));
    }

    [Fact]
    public async Task G2_a_restore_refuses_a_database_that_holds_firs()
    {
        await using var stack = await StartAsync();
        await RegisterAsync(stack, "first");
        var backup = await BackupDesk.TakeAsync(stack);
        await stack.KillApiAsync();
        Directory.Move(stack.DataFolder, stack.DataFolder + ".old");

        var refused = await Desk.RunAsync(stack, "restore", backup, "--skip-serials", "0");

        Assert.Equal(BackupDesk.TargetRefused, refused.ExitCode);
        Assert.Contains("point firdb at an empty database", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1, stack.Stores.RegistryCount("fir_records"));
    }

    [Fact]
    public async Task A_backup_of_one_registry_restores_into_the_other_and_back()
    {
        await using var mysql = await StartAsync();
        var number = await RegisterAsync(mysql, "first");
        (await mysql.Client.ProcessAsync(Texts.All["Devanagari"])).RequireOk();
        await mysql.DeliveredAsync();
        var contents = await ContentsAsync(mysql);
        var backup = await BackupDesk.TakeAsync(mysql);

        await using var embedded = EmbeddedStack.Prepared();
        (await Desk.RunAsync(embedded, "restore", backup, "--last-serial", number)).RequireOk();
        Desk.Equip(embedded);
        await embedded.StartApiAsync();
        Assert.Equal(contents, await ContentsAsync(embedded));
        backup = await BackupDesk.TakeAsync(embedded);
        await using var again = await PreparedAsync();
        (await Desk.RunAsync(again, "restore", backup, "--last-serial", number)).RequireOk();
        await again.StartApiAsync();
        await ConnectedAsync(again);

        Assert.Equal(contents, await ContentsAsync(again));
        Assert.Equal(2, SerialOf(await RegisterAsync(again, "second")));
        Assert.Equal("true", (await again.Client.GetAsync("/ledger/verify")).RequireOk()["complete"]);
    }

    [Fact]
    public async Task A_mysql_that_is_away_makes_no_backup_and_it_is_said()
    {
        await using var stack = await StartAsync();
        await server.KillAsync();
        try
        {
            var refused = await stack.Client.PostAsync("/backup");

            Assert.Equal((503, "backup-failed"), (refused.Status, refused.ProblemType));
            Assert.Empty(Desk.Stored);
            Assert.Equal("journal", (await stack.Client.ProcessAsync(Complaints.Theft)).RequireOk().Headers["X-Durability"]); // no delivery hangs on it
        }
        finally
        {
            await server.StartAsync();
        }
    }
}
