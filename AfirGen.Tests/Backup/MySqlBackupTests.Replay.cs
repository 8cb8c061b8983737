using System.Text.Json.Nodes;
using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Backup;

/// <summary>
/// MySQL goes back to a backup, and on from there by its binary log without a mistake. A service goes on writing after a mistake that it does not
/// notice, and sends nothing of that a second time: everything but the mistake must be there again.
/// </summary>
public sealed partial class MySqlBackupTests
{
    /// <param name="durability">Of a complaint that is taken in after the drop: delivered, or waiting.</param>
    [Theory]
    [InlineData("fir_records", "journal")]
    [InlineData("registration_counters", "registry")] // complaints need no counter
    public async Task G1_a_dropped_table_comes_back_with_what_was_taken_in_after_the_drop(string table, string durability)
    {
        await using var stack = (ContainerStack)await StartAsync();
        await RegisterAsync(stack, "before the backup");
        var backup = await BackupDesk.TakeAsync(stack);
        var last = await RegisterAsync(stack, "after the backup");
        (await stack.Client.ProcessAsync(Texts.All["Devanagari"])).RequireOk();
        await stack.DeliveredAsync();
        var contents = await ContentsAsync(stack);

        await server.ExecuteAsync($"DROP TABLE {table}", stack.Database);
        var taken = (await stack.Client.ProcessAsync(Complaints.Cheating)).RequireOk();
        Assert.Equal(durability, taken.Headers["X-Durability"]);
        if (durability == "registry")
        {
            await stack.DeliveredAsync(); // and marked, so that it is not sent again
        }

        await stack.KillApiAsync();
        var found = await RecoverAsync(stack, backup);

        Assert.Contains($" DROP TABLE `{table}`", Assert.Single(found), StringComparison.Ordinal);
        await RequireAllAsync(stack, taken, contents, last);
        Assert.Equal(Path.GetFileName(backup), Assert.Single(stack.Stores.Audit("action = 'restore'")).Subject);
    }

    [Fact]
    public async Task G1_a_dropped_database_comes_back_also_when_the_service_has_made_its_schema_anew_meanwhile()
    {
        await using var stack = (ContainerStack)await StartAsync();
        await RegisterAsync(stack, "before the backup");
        var backup = await BackupDesk.TakeAsync(stack);
        var last = await RegisterAsync(stack, "after the backup");
        await stack.DeliveredAsync();
        var contents = await ContentsAsync(stack);

        await server.ExecuteAsync($"DROP DATABASE {stack.Database}; CREATE DATABASE {stack.Database}");
        await stack.RestartAsync(kill: true);
        var taken = (await stack.Client.ProcessAsync(Complaints.Cheating)).RequireOk();
        await Eventually.TrueAsync(
            async () => (await stack.Client.GetAsync("/health")).Text.Contains("this service has seen", StringComparison.Ordinal),
            "the schema is there, and nothing is written to it"
        );
        await stack.KillApiAsync();
        var found = await RecoverAsync(stack, backup);

        Assert.Contains($" DROP DATABASE {stack.Database}", found[0], StringComparison.Ordinal);
        Assert.Contains(found, line => line.Contains(" CREATE TABLE IF NOT EXISTS fir_records", StringComparison.Ordinal));
        Assert.Contains(found, line => line.Contains("INSERT ledger_head: 1 row", StringComparison.Ordinal));
        await RequireAllAsync(stack, taken, contents, last);
    }

    [Theory]
    [InlineData(
        "finalized_records_never_change",
        "UPDATE fir_records SET complaint_text = 'Lata Devi has lied.' WHERE ledger_position = 1",
        "UPDATE fir_records: 1 row"
    )]
    [InlineData("records_are_never_deleted", "DELETE FROM fir_records WHERE ledger_position = 1", "DELETE fir_records: 1 row")]
    public async Task G1_G6_what_altered_a_record_is_named_and_left_out_alone_and_what_was_registered_afterwards_stays(
        string trigger,
        string altering,
        string named
    )
    {
        await using var stack = (ContainerStack)await StartAsync();
        await RegisterAsync(stack, "before the backup");
        var backup = await BackupDesk.TakeAsync(stack);
        await RegisterAsync(stack, "after the backup");
        await stack.DeliveredAsync();
        var contents = await ContentsAsync(stack);

        await server.ExecuteAsync($"DROP TRIGGER {trigger}; {altering}", stack.Database);
        var last = await RegisterAsync(stack, "after it was altered"); // nobody has noticed
        var taken = (await stack.Client.ProcessAsync(Complaints.Cheating)).RequireOk();
        Assert.Equal("registry", taken.Headers["X-Durability"]);
        await stack.DeliveredAsync();
        contents = [(await ContentsAsync(stack))[1], .. contents];
        await stack.KillApiAsync();
        var found = await RecoverAsync(stack, backup);

        // No value of a row, neither of the one that was altered nor of those that were registered.
        Assert.Equal([$"DROP TRIGGER {trigger}", named], found.Select(line => line.Split(' ', 4)[3]));
        await RequireAllAsync(stack, taken, contents, last);
    }

    [Fact]
    public async Task A_log_that_has_the_mending_itself_is_not_replayed_and_that_of_another_server_is_not_overwritten()
    {
        await using var stack = (ContainerStack)await StartAsync();
        await RegisterAsync(stack, "first");
        var backup = await BackupDesk.TakeAsync(stack);
        await stack.KillApiAsync();
        await server.ExecuteAsync($"DROP DATABASE {stack.Database}; CREATE DATABASE {stack.Database}");
        (await Desk.RunAsync(stack, "restore", backup, "--registry-only")).RequireOk();
        using var log = new BinlogDesk(server.Container, stack.Database);
        (await log.RunAsync("archive", log.Archive)).RequireOk(); // too late

        var refused = await log.RunAsync("replay", log.Archive, Position(backup));
        var unclear = await log.RunAsync("replay", log.Archive, Position(backup), "DROP");

        Assert.Equal(BackupDesk.Damaged, refused.ExitCode);
        Assert.Contains($"DROP DATABASE {stack.Database}", refused.Error, StringComparison.Ordinal);
        Assert.Equal(64, unclear.ExitCode);
        Assert.Equal(1, stack.Stores.RegistryCount("fir_records"));
        var uuid = Path.Combine(log.Archive, "server_uuid");
        Assert.Equal(await server.ScalarAsync<string>("SELECT @@server_uuid"), File.ReadAllText(uuid).Trim());
        await File.WriteAllTextAsync(uuid, "of a server that is lost", TestContext.Current.CancellationToken);
        Assert.Equal(BackupDesk.TargetRefused, (await log.RunAsync("archive", log.Archive)).ExitCode);
    }

    private static string Position(string backup) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(backup, "manifest.json")))!["registry"]!["position"]!.ToString();

    /// <summary>As docs/operations.md has it, from the copy of the log to the start of the service.</summary>
    /// <returns>What was found and left out, a line each.</returns>
    private async Task<string[]> RecoverAsync(ContainerStack stack, string backup)
    {
        using var log = new BinlogDesk(server.Container, stack.Database);
        (await log.RunAsync("archive", log.Archive)).RequireOk();
        var found = (await log.RunAsync("find", log.Archive, Position(backup))).RequireOk().Output.Trim().Split('\n');
        await server.ExecuteAsync($"DROP DATABASE {stack.Database}; CREATE DATABASE {stack.Database}");
        var begun = (await Desk.RunAsync(stack, "restore", backup, "--registry-only", "--json")).RequireOk();
        Assert.Equal(Position(backup), begun.Json()["position"]!.ToString());
        Assert.Equal(BackupDesk.Damaged, (await Desk.RunAsync(stack, "restore", "--finish")).ExitCode);
        Assert.Equal(1, await stack.LaunchApi().WaitForExitAsync()); // nor does the service start on a half of it

        (await log.RunAsync(["replay", log.Archive, Position(backup), .. found.Select(line => line.Split(' ')[0])])).RequireOk();
        (await Desk.RunAsync(stack, "restore", "--finish")).RequireOk();
        await stack.StartApiAsync();
        await ConnectedAsync(stack);
        await stack.DeliveredAsync();
        return found;
    }

    /// <param name="taken">The newest complaint.</param>
    /// <param name="contents">Of all others, newest first.</param>
    /// <param name="last">The last official number.</param>
    private static async Task RequireAllAsync(ContainerStack stack, Reply taken, IReadOnlyList<string> contents, string last)
    {
        Assert.Equal(contents, (await ContentsAsync(stack)).Skip(1));
        var text = stack.Stores.Registry(
            $"SELECT complaint_text FROM fir_records WHERE fir_number = '{taken["fir_number"]}'",
            row => row.GetString(0)
        );
        Assert.Equal(Complaints.Cheating, Assert.Single(text));
        Assert.Equal("true", (await stack.Client.GetAsync("/ledger/verify")).RequireOk()["complete"]);
        Assert.Empty(stack.RegistryDamage());
        Assert.Equal(SerialOf(last) + 1, SerialOf(await RegisterAsync(stack, "next"))); // none is left out
    }
}
