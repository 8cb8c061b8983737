using AfirGen.Tests.Stack;
using AfirGen.Tests.Torture;
using Microsoft.Data.Sqlite;

namespace AfirGen.Tests.Backup;

/// <summary>What is no good backup is never taken for one, and no restore makes things worse.</summary>
public sealed class BackupSafetyTests : IDisposable
{
    private const int DiskMebibytes = 64;
    private readonly BackupDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData("P11")] // a part of the files is there
    [InlineData("P13")] // all is there and tried, the name is not
    public async Task G8_a_power_cut_inside_a_backup_leaves_none_and_the_next_one_is_good(string point)
    {
        SmallDisk.RequireMounting();
        using var disk = new PowerDisk(DiskMebibytes);
        using var desk = new BackupDesk(Path.Combine(disk.Root, "backups"));
        await using var stack = EmbeddedStack.Prepared();
        desk.Equip(stack);
        stack.Settings["AfirGen:Testing:CrashPoint"] = point;
        await stack.StartApiAsync();
        (await stack.Client.ProcessAsync(Complaints.Theft)).RequireOk();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => stack.Client.PostAsync("/backup"));
        await stack.ApiEndedAsync();
        disk.Cut();
        await disk.RestoreAsync();

        Assert.Empty(desk.Stored);
        stack.Settings.Remove("AfirGen:Testing:CrashPoint");
        await stack.StartApiAsync();
        var backup = await BackupDesk.TakeAsync(stack);
        Assert.Equal([backup], desk.Stored);
        Assert.Empty(desk.Unfinished);
        Assert.False(Directory.Exists(Path.Combine(stack.DataFolder, "scratch"))); // no complaint is left in clear text
    }

    [Fact]
    public async Task G1_a_backup_that_is_reported_survives_a_power_cut_right_after_it()
    {
        SmallDisk.RequireMounting();
        using var disk = new PowerDisk(DiskMebibytes);
        using var desk = new BackupDesk(Path.Combine(disk.Root, "backups"));
        await using var stack = EmbeddedStack.Prepared();
        desk.Equip(stack);
        await stack.StartApiAsync();
        (await stack.Client.ProcessAsync(Complaints.Theft)).RequireOk();

        var backup = await BackupDesk.TakeAsync(stack);
        disk.Cut();
        await disk.RestoreAsync();

        (await desk.RunAsync(stack, "verify", backup)).RequireOk();
    }

    [Fact]
    public async Task G8_a_full_backup_disk_is_said_and_disturbs_nobody()
    {
        SmallDisk.RequireMounting();
        using var disk = new SmallDisk(4);
        using var desk = new BackupDesk(Path.Combine(disk.Path, "backups"));
        await using var stack = EmbeddedStack.Prepared();
        desk.Equip(stack);
        await stack.StartApiAsync();
        (await stack.Client.ProcessAsync(Complaints.Theft)).RequireOk();
        disk.Fill();

        var refused = await stack.Client.PostAsync("/backup");

        Assert.Equal((503, "backup-failed"), (refused.Status, refused.ProblemType));
        (await stack.Client.ProcessAsync(Complaints.Cheating)).RequireOk();
        Assert.Empty(desk.Stored);
        Assert.Empty(desk.Unfinished);
        await Scrape.WaitForAsync(stack.Client, scrape => scrape.Sum("afirgen_backup_total", "outcome=\"failed\"") == 1, "it is counted");
        disk.Free();
        Assert.Equal([await BackupDesk.TakeAsync(stack)], desk.Stored);
    }

    [Fact]
    public async Task G8_a_backup_never_takes_the_last_space_from_the_journal()
    {
        SmallDisk.RequireMounting();
        using var disk = new SmallDisk(32);
        await using var stack = EmbeddedStack.Prepared();
        Directory.CreateSymbolicLink(stack.DataFolder, Directory.CreateDirectory(Path.Combine(disk.Path, "data")).FullName);
        _desk.Equip(stack);
        stack.Settings["AfirGen:Journal:MinFreeMebibytes"] = "32"; // all of it
        await stack.StartApiAsync();

        var refused = await stack.Client.PostAsync("/backup");

        Assert.Equal((503, "backup-failed"), (refused.Status, refused.ProblemType));
        Assert.Contains("nearly full", refused["detail"], StringComparison.Ordinal);
        Assert.Empty(_desk.Stored);
    }

    [Fact]
    public async Task G6_whatever_is_altered_cut_off_or_missing_in_a_backup_is_found_and_not_restored()
    {
        await using var stack = await StartAsync();
        await Journeys.RegisterAsync(stack.Client);
        var backup = await BackupDesk.TakeAsync(stack);
        await using var clean = EmbeddedStack.Prepared();
        var files = Directory.GetFiles(backup).Where(file => !file.EndsWith("verified.json", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, files.Count); // both stores, the ledger's key, the manifest and its code

        foreach (var file in files)
        {
            var whole = await File.ReadAllBytesAsync(file, Cancellation);
            foreach (var (how, damaged) in Damages(whole))
            {
                await File.WriteAllBytesAsync(file, damaged, Cancellation);
                var verified = await _desk.RunAsync(stack, "verify", backup);
                Assert.True(
                    verified.ExitCode == BackupDesk.Damaged,
                    $"{Path.GetFileName(file)} {how}: {verified.ExitCode} {verified.Output}{verified.Error}"
                );
            }

            File.Delete(file);
            Assert.Equal(BackupDesk.Damaged, (await _desk.RunAsync(clean, "restore", backup, "--skip-serials", "0")).ExitCode);
            await File.WriteAllBytesAsync(file, whole, Cancellation);
        }

        Assert.False(File.Exists(clean.Stores.JournalFile));
        (await _desk.RunAsync(clean, "restore", backup, "--skip-serials", "0")).RequireOk();
    }

    [Theory]
    [InlineData("firs.db", "UPDATE fir_records SET complaint_text = 'altered'", "was altered")]
    [InlineData("firs.db", "UPDATE ledger_head SET position = 2", "the end is missing")]
    [InlineData("firs.db", "DELETE FROM fir_records WHERE status = 'draft'", "the registry says nothing")]
    [InlineData("firs.db", "DELETE FROM registration_counters", "its counter says 0")]
    [InlineData("sessions.db", "DELETE FROM session_events WHERE seq = 2", "events that were acknowledged")]
    [InlineData("sessions.db", "UPDATE ledger_anchor SET position = 7", "which the journal has seen in it")]
    public async Task G6_a_backup_of_stores_that_are_not_right_is_never_stored(string store, string damage, string finding)
    {
        await using var stack = await StartAsync();
        await Journeys.RegisterAsync(stack.Client);
        (await stack.Client.ProcessAsync(Complaints.Assault)).RequireOk();
        await stack.DeliveredAsync();
        Assert.Equal(0, await stack.StopApiAsync());
        var file = Path.Combine(stack.DataFolder, store);
        foreach (var trigger in Triggers(file))
        {
            Stores.Tamper(file, $"DROP TRIGGER {trigger}");
        }

        Stores.Tamper(file, $"PRAGMA ignore_check_constraints = 1; {damage}");
        var refused = await _desk.RunAsync(stack, "backup");

        Assert.Equal(BackupDesk.Damaged, refused.ExitCode);
        Assert.Contains(finding, refused.Error, StringComparison.Ordinal);
        Assert.Empty(_desk.Stored);
    }

    [Fact]
    public async Task G6_another_key_opens_nothing()
    {
        await using var stack = await StartAsync();
        var backup = await BackupDesk.TakeAsync(stack);

        var verified = await _desk.RunAsync(stack, "verify", backup, "--key-file", _desk.NewKey());

        Assert.Equal(BackupDesk.Damaged, verified.ExitCode);
        Assert.Contains("another key", verified.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G2_a_restore_refuses_a_live_data_folder_and_one_that_is_not_empty()
    {
        await using var stack = await StartAsync();
        (await stack.Client.ProcessAsync(Complaints.Theft)).RequireOk();
        var backup = await BackupDesk.TakeAsync(stack);

        var live = await _desk.RunAsync(stack, "restore", backup, "--skip-serials", "0");
        Assert.Equal(1, stack.Stores.JournalCount("session_rows"));
        (await stack.Client.ProcessAsync(Complaints.Cheating)).RequireOk();
        await stack.StopApiAsync();
        var used = await _desk.RunAsync(stack, "restore", backup, "--skip-serials", "0");

        Assert.Equal((BackupDesk.TargetRefused, BackupDesk.TargetRefused), (live.ExitCode, used.ExitCode));
        Assert.Contains("not empty", used.Error, StringComparison.Ordinal);
        Assert.Equal(2, stack.Stores.JournalCount("session_rows"));
    }

    [Fact]
    public async Task G2_no_service_starts_on_a_restore_that_a_power_cut_left_half_done_and_it_begins_anew()
    {
        SmallDisk.RequireMounting();
        using var disk = new PowerDisk(DiskMebibytes);
        await using var stack = await StartAsync();
        await Journeys.RegisterAsync(stack.Client);
        var backup = await BackupDesk.TakeAsync(stack);
        await using var restored = EmbeddedStack.Prepared();
        Directory.CreateSymbolicLink(restored.DataFolder, Directory.CreateDirectory(Path.Combine(disk.Root, "data")).FullName);

        restored.Settings["AfirGen:Testing:CrashPoint"] = "P14";
        var killed = await _desk.RunAsync(restored, "restore", backup, "--skip-serials", "0");
        disk.Cut();
        await disk.RestoreAsync();
        restored.Settings.Remove("AfirGen:Testing:CrashPoint");
        Assert.Equal(128 + ApiProcess.SigKill, killed.ExitCode);
        var refused = restored.LaunchApi();
        Assert.Equal(1, await refused.WaitForExitAsync());
        Assert.Contains(refused.Log, line => line.Contains("was not finished", StringComparison.Ordinal));

        (await _desk.RunAsync(restored, "restore", backup, "--skip-serials", "0")).RequireOk();
        disk.Cut(); // what a restore reports is on the disk
        await disk.RestoreAsync();
        await restored.StartApiAsync();
        Assert.Equal("true", (await restored.Client.GetAsync("/ledger/verify")).RequireOk()["complete"]);
        Assert.Equal(1, restored.Stores.RegistryCount("fir_records WHERE status = 'finalized'"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task G5_a_drain_ends_a_backup_and_flushes_all_the_same(bool asked)
    {
        await using var stack = await StartAsync();
        await Parallel.ForAsync(
            0,
            300,
            Cancellation,
            async (i, _) => (await stack.Client.ProcessAsync(new string('x', 50_000 - i))).RequireOk()
        );
        await stack.StopApiAsync();
        stack.Settings["AfirGen:Testing:CrashPoint"] = "P11"; // while both snapshots are open
        stack.Settings["AfirGen:Testing:CrashPointStops"] = "true";
        stack.Settings["AfirGen:Backup:Interval"] = asked ? "00:00:00" : "01:00:00";
        await stack.StartApiAsync();

        var backup = asked ? stack.Client.PostAsync("/backup") : null;
        Assert.Equal(0, await stack.ApiEndedAsync());

        Assert.True(backup is null || (await backup).Status == 503);
        Assert.Empty(_desk.Stored);
        Assert.Empty(_desk.Unfinished);
        Assert.Equal(0, new FileInfo(stack.Stores.JournalFile + "-wal").Length);
    }

    [Fact]
    public async Task The_command_goes_through_a_running_service_and_reads_the_files_of_a_stopped_one()
    {
        await using var stack = await StartAsync();
        (await stack.Client.ProcessAsync(Complaints.Theft)).RequireOk();

        (await _desk.RunAsync(stack, "backup", "--url", stack.Client.Address.AbsoluteUri)).RequireOk();
        await stack.KillApiAsync(); // its write-ahead log is still full
        var offline = (await _desk.RunAsync(stack, "backup", "--json")).RequireOk();

        Assert.Equal(2, _desk.Stored.Count);
        Assert.Equal(1, (int)offline.Json()["sessions"]!);
        (await _desk.RunAsync(stack, "verify", "--all")).RequireOk();
    }

    [Fact]
    public async Task The_service_backs_itself_up_keeps_so_many_and_shows_their_age()
    {
        await using var stack = EmbeddedStack.Prepared();
        _desk.Equip(stack);
        stack.Settings["AfirGen:Backup:Interval"] = "00:00:01";
        stack.Settings["AfirGen:Backup:Keep"] = "2";
        await stack.StartApiAsync();

        var scrape = await Scrape.WaitForAsync(stack.Client, s => s.Sum("afirgen_backup_total", "outcome=\"ok\"") >= 4, "four backups");

        Assert.Equal(2, _desk.Stored.Count);
        Assert.Equal(0, scrape.Sum("afirgen_backup_total", "outcome=\"failed\""));
        await Scrape.WaitForAsync(
            stack.Client,
            s => s.Sum("afirgen_backup_age_seconds") < 5 && s.Sum("afirgen_restore_verified_age_seconds") < 5,
            "both are young"
        );
    }

    [Fact]
    public async Task Without_a_backup_folder_the_service_warns_and_the_age_is_that_of_the_data()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        Assert.Contains(stack.ApiLog, line => line.Contains("NO BACKUPS are made", StringComparison.Ordinal));
        await stack.StopApiAsync();
        Stores.Tamper(stack.Stores.JournalFile, "UPDATE VersionInfo SET AppliedOn = '2020-01-01 00:00:00'");

        await stack.StartApiAsync();

        await Scrape.WaitForAsync(stack.Client, s => s.Sum("afirgen_backup_age_seconds") > 100_000_000, "years without a backup show");
        Assert.Equal(409, (await stack.Client.PostAsync("/backup")).Status);
    }

    private async Task<EmbeddedStack> StartAsync()
    {
        var stack = EmbeddedStack.Prepared();
        _desk.Equip(stack);
        await stack.StartApiAsync();
        return stack;
    }

    private static List<string> Triggers(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_master WHERE type = 'trigger'";
        using var reader = command.ExecuteReader();
        List<string> names = [];
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static IEnumerable<(string How, byte[] Bytes)> Damages(byte[] whole)
    {
        foreach (var at in (int[])[0, whole.Length / 2, whole.Length - 1])
        {
            var flipped = whole.ToArray();
            flipped[at] ^= 1;
            yield return ($"flipped at {at}", flipped);
        }

        yield return ("cut short", whole[..^1]);
        yield return ("empty", []);
        yield return ("longer", [.. whole, (byte)'x']);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
