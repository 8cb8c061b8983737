using AfirGen.Tests.Doctor;
using AfirGen.Tests.Registry;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Backup;

/// <summary>
/// A restore of MySQL alone and one of both stores, each in the middle of the other: only one of them knows that the journal is whole. The
/// replay of the binary log between the halves is in <see cref="MySqlBackupTests"/>.
/// </summary>
[Collection(MySqlTests.Name)]
public sealed class RegistryRestoreTests(MySqlServer server) : IDisposable
{
    private readonly BackupDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task G1_in_the_middle_of_a_restore_of_the_registry_alone_one_of_both_stores_is_refused_and_the_journal_stays()
    {
        await using var stack = await StartAsync();
        var backup = await RegisterAndBackUpAsync(stack);
        await server.ExecuteAsync("DROP TABLE fir_records", stack.Database);
        Assert.Equal("journal", (await stack.Client.ProcessAsync(Complaints.Cheating)).RequireOk().Headers["X-Durability"]); // it is nowhere else
        await stack.KillApiAsync();
        await server.ExecuteAsync($"DROP DATABASE {stack.Database}; CREATE DATABASE {stack.Database}");
        (await _desk.RunAsync(stack, "restore", backup, "--registry-only")).RequireOk();

        var start = stack.LaunchApi();
        Assert.Equal(1, await start.WaitForExitAsync());
        Assert.Contains(
            start.Log,
            line => line.Contains("the journal in", StringComparison.Ordinal) && line.Contains("restore --finish", StringComparison.Ordinal)
        );
        (await DoctorBench.LookAsync(DoctorBench.SettingsOf(stack))).RequireWrong(
            "volume",
            "of the registry alone",
            "AfirGen.Api.dll restore --finish"
        );
        var before = JournalFiles(stack);
        var both = await _desk.RunAsync(stack, "restore", backup, "--skip-serials", "0");

        Assert.Equal(BackupDesk.TargetRefused, both.ExitCode);
        Assert.Contains("--finish", both.Error, StringComparison.Ordinal);
        Assert.Equal(before, JournalFiles(stack));
        (await _desk.RunAsync(stack, "restore", "--finish")).RequireOk();
        await stack.StartApiAsync();
        await stack.DeliveredAsync();
        Assert.Equal(2, stack.Stores.RegistryCount("fir_records"));
    }

    [Fact]
    public async Task A_restore_of_the_registry_alone_is_recorded_once_when_it_is_finished()
    {
        await using var stack = await StartAsync();
        var backup = await RegisterAndBackUpAsync(stack);
        await stack.KillApiAsync();
        await server.ExecuteAsync($"DROP DATABASE {stack.Database}; CREATE DATABASE {stack.Database}");
        (await _desk.RunAsync(stack, "restore", backup, "--registry-only")).RequireOk();
        (await _desk.RunAsync(stack, "restore", backup, "--registry-only")).RequireOk(); // begun anew
        (await _desk.RunAsync(stack, "restore", "--finish")).RequireOk();
        await stack.StartApiAsync();
        Assert.Equal(0, await stack.StopApiAsync());
        (await _desk.RunAsync(stack, "restore", "--finish")).RequireOk(); // nothing was begun: nothing to record
        await stack.StartApiAsync();

        var record = Assert.Single(stack.Stores.Audit("action = 'restore'"));
        Assert.Equal(($"account {Environment.UserName}", Path.GetFileName(backup)), (record.KeyName, record.Subject));
        Assert.StartsWith("registry restored 2", record.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G4_what_a_cut_restore_of_both_stores_has_left_is_not_gone_on_with_as_one_of_the_registry_alone()
    {
        await using var stack = await StartAsync();
        var backup = await RegisterAndBackUpAsync(stack);
        await using var restored = await ContainerStack.PreparedAsync(server);
        restored.Settings["AfirGen:Testing:CrashPoint"] = "P14";
        var killed = await _desk.RunAsync(restored, "restore", backup, "--skip-serials", "1");
        Assert.Equal(128 + ApiProcess.SigKill, killed.ExitCode);
        restored.Settings.Remove("AfirGen:Testing:CrashPoint");

        var finished = await _desk.RunAsync(restored, "restore", "--finish");
        var alone = await _desk.RunAsync(restored, "restore", backup, "--registry-only");

        Assert.Equal((BackupDesk.TargetRefused, BackupDesk.TargetRefused), (finished.ExitCode, alone.ExitCode));
        Assert.Contains("both stores", finished.Error, StringComparison.Ordinal);
        Assert.Equal(1, await restored.LaunchApi().WaitForExitAsync());
        (await _desk.RunAsync(restored, "restore", backup, "--skip-serials", "1")).RequireOk();
    }

    private async Task<ContainerStack> StartAsync()
    {
        var stack = await ContainerStack.PreparedAsync(server);
        _desk.Equip(stack);
        await stack.StartApiAsync();
        await Eventually.TrueAsync(
            async () => (await stack.Client.GetAsync("/health"))["database"] == "connected",
            "the registry is connected"
        );
        return stack;
    }

    private static async Task<string> RegisterAndBackUpAsync(ContainerStack stack)
    {
        await Journeys.RegisterAsync(stack.Client);
        await stack.DeliveredAsync();
        return await BackupDesk.TakeAsync(stack);
    }

    private static IReadOnlyList<string> JournalFiles(ContainerStack stack) =>
        [
            .. Directory
                .GetFiles(stack.DataFolder, "sessions.db*")
                .Where(file => !file.EndsWith("-shm", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"),
        ];
}
