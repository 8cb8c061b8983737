using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Backup;

/// <summary>What a cut restore has left is only gone on with by the one that began it. With MySQL: <see cref="RegistryRestoreTests"/>.</summary>
public sealed class UnfinishedRestoreTests : IDisposable
{
    private readonly BackupDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task G4_a_restore_that_a_power_cut_ended_before_its_counters_were_moved_is_not_finished_without_moving_them()
    {
        await using var stack = await StartAsync();
        Assert.EndsWith("/0001", await RegisterAsync(stack), StringComparison.Ordinal);
        var backup = await BackupDesk.TakeAsync(stack);
        await using var restored = EmbeddedStack.Prepared();
        // All of the backup and the marker: what is on the disk then.
        (await _desk.RunAsync(restored, "restore", backup, "--skip-serials", "0")).RequireOk();
        await File.WriteAllTextAsync(Marker(restored), "", Cancellation);

        var finished = await ServiceCommand.RunAsync(restored, "restore", "--finish");
        var alone = await _desk.RunAsync(restored, "restore", backup, "--registry-only");

        Assert.Equal((BackupDesk.Misconfigured, BackupDesk.Misconfigured), (finished.ExitCode, alone.ExitCode));
        Assert.True(File.Exists(Marker(restored)));
        (await _desk.RunAsync(restored, "restore", backup, "--skip-serials", "56")).RequireOk();
        await restored.StartApiAsync();
        Assert.EndsWith("/0058", await RegisterAsync(restored), StringComparison.Ordinal);
    }

    [Fact]
    public async Task G2_no_service_starts_beside_what_a_cut_restore_has_left_when_the_next_attempt_fails_too()
    {
        await using var stack = await StartAsync();
        var backup = await BackupDesk.TakeAsync(stack);
        await using var restored = EmbeddedStack.Prepared();
        Directory.CreateDirectory(restored.DataFolder);
        await File.WriteAllTextAsync(Marker(restored), "", Cancellation);
        var file = Path.Combine(backup, "firs.db.sealed");
        var whole = await File.ReadAllBytesAsync(file, Cancellation);
        await File.WriteAllBytesAsync(file, whole[..^1], Cancellation);

        var failed = await _desk.RunAsync(restored, "restore", backup, "--skip-serials", "0");

        Assert.Equal(BackupDesk.Damaged, failed.ExitCode);
        Assert.Equal(1, await restored.LaunchApi().WaitForExitAsync());
        await File.WriteAllBytesAsync(file, whole, Cancellation);
        (await _desk.RunAsync(restored, "restore", backup, "--skip-serials", "0")).RequireOk();
        Assert.False(File.Exists(Marker(restored)));
    }

    private async Task<EmbeddedStack> StartAsync()
    {
        var stack = EmbeddedStack.Prepared();
        _desk.Equip(stack);
        await stack.StartApiAsync();
        return stack;
    }

    private static async Task<string> RegisterAsync(EmbeddedStack stack)
    {
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft);
        await journey.CompleteAsync();
        return (await journey.RegisterAsync($"{Guid.NewGuid()}")).RequireOk()["registration_number"];
    }

    private static string Marker(EmbeddedStack stack) => Path.Combine(stack.DataFolder, "restoring");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
