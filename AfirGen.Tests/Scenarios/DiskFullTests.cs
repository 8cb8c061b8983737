using AfirGen.Tests.History;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>A disk that is really full: refused honestly, nothing half-written, and well again by itself once there is space.</summary>
[Trait("Defect", "D-45")]
public sealed class DiskFullTests
{
    private const int DiskMebibytes = 6;
    private const int MostComplaints = 300; // far more than fit
    private const int LongComplaint = 20_000;

    [Fact]
    public async Task G8_a_full_disk_under_the_journal_refuses_and_heals_without_a_restart()
    {
        SmallDisk.RequireMounting();
        using var disk = new SmallDisk(DiskMebibytes);
        await using var stack = EmbeddedStack.Prepared();
        Directory.CreateSymbolicLink(stack.DataFolder, Directory.CreateDirectory(Path.Combine(disk.Path, "data")).FullName);
        stack.Settings["AfirGen:Journal:MinFreeMebibytes"] = "0";
        await stack.StartApiAsync();
        var history = new OperationHistory();
        Assert.Equal(Verdict.Ok, (await TakeInAsync(history, stack, 0)).Verdict);

        disk.Fill();
        var refused = await UntilAsync(history, stack, attempt => attempt.Verdict != Verdict.Ok);

        Assert.Equal((503, "disk-full"), (refused.Answer!.Status, refused.Answer.ProblemType));
        Assert.Contains("Retry-After", refused.Answer.Headers.Keys);
        Assert.Empty(HistoryChecker.Check(history.Operations, StoreView.Read(stack.Stores), settled: false));
        (await stack.Client.GetAsync("/list_firs")).RequireOk(); // reading goes on
        (await stack.Client.StatusAsync(history.Acknowledged[0].Acknowledged!["session_id"])).RequireOk();
        Assert.False(stack.Api.HasExited);

        disk.Free();
        await RequireWellAsync(history, stack);
    }

    [Fact]
    public async Task G2_a_full_disk_under_the_registry_leaves_the_change_in_the_journal_until_there_is_space()
    {
        SmallDisk.RequireMounting();
        using var disk = new SmallDisk(DiskMebibytes);
        await using var stack = EmbeddedStack.Prepared();
        Directory.CreateDirectory(stack.DataFolder);
        File.CreateSymbolicLink(stack.Stores.RegistryFile, Path.Combine(disk.Path, "firs.db")); // SQLite puts the WAL beside the real file
        stack.Settings["AfirGen:Forwarding:ConfirmationTimeout"] = "00:00:02"; // only a full disk may be slower, not a busy machine
        await stack.StartApiAsync();
        var history = new OperationHistory();
        Assert.Equal("registry", (await TakeInAsync(history, stack, 0)).Answer!.Headers["X-Durability"]);

        disk.Fill();
        var waiting = await UntilAsync(history, stack, attempt => attempt.Answer?.Headers.GetValueOrDefault("X-Durability") != "registry");

        Assert.Equal((200, "journal"), (waiting.Answer!.Status, waiting.Answer.Headers["X-Durability"]));
        Assert.Empty(HistoryChecker.Check(history.Operations, StoreView.Read(stack.Stores), settled: false));
        (await stack.Client.GetAsync("/list_firs")).RequireOk();

        disk.Free();
        await RequireWellAsync(history, stack);
    }

    [Fact]
    public async Task G8_with_too_little_headroom_writes_are_refused_before_they_start()
    {
        SmallDisk.RequireMounting();
        using var disk = new SmallDisk(DiskMebibytes);
        await using var stack = EmbeddedStack.Prepared();
        Directory.CreateSymbolicLink(stack.DataFolder, Directory.CreateDirectory(Path.Combine(disk.Path, "data")).FullName);
        stack.Settings["AfirGen:Journal:MinFreeMebibytes"] = "2";
        await stack.StartApiAsync();
        var history = new OperationHistory();
        Assert.Equal(Verdict.Ok, (await TakeInAsync(history, stack, 0)).Verdict);
        Assert.Equal("healthy", (await stack.Client.GetAsync("/health"))["status"]);

        disk.Fill();
        var refused = await TakeInAsync(history, stack, 1); // at once, although what the WAL already has would still take it
        var health = await stack.Client.GetAsync("/health");

        Assert.Equal((503, "disk-full"), (refused.Answer!.Status, refused.Answer.ProblemType));
        Assert.Equal((200, "degraded"), (health.Status, health["status"])); // what is there can be read
        Assert.Contains("writes are refused", health.Text, StringComparison.Ordinal);
        Assert.Empty(HistoryChecker.Check(history.Operations, StoreView.Read(stack.Stores), settled: false));
        disk.Free();
        Assert.Equal("healthy", (await stack.Client.GetAsync("/health"))["status"]);
        await RequireWellAsync(history, stack);
    }

    /// <summary>Everything that was refused or is waiting goes through now; then a kill, and all of it is still there.</summary>
    private static async Task RequireWellAsync(OperationHistory history, EmbeddedStack stack)
    {
        foreach (var operation in history.Operations.Where(o => o.Acknowledged is null))
        {
            Assert.Equal(Verdict.Ok, (await history.AttemptAsync(operation.Request, r => Officer.SendAsync(stack.Client, r))).Verdict);
        }

        await SettledAsync(stack);
        await stack.RestartAsync(kill: true);
        await SettledAsync(stack);
        Assert.Empty(HistoryChecker.Check(history.Operations, StoreView.Read(stack.Stores), settled: true));
        Assert.Equal(0, await stack.StopApiAsync());
    }

    private static Task SettledAsync(EmbeddedStack stack) =>
        Eventually.TrueAsync(
            () => stack.Stores.Journal("SELECT 1 FROM outbox WHERE delivered_at IS NULL", _ => 1).Count == 0,
            "the outbox is delivered"
        );

    private static async Task<Attempt> UntilAsync(OperationHistory history, EmbeddedStack stack, Func<Attempt, bool> reached)
    {
        for (var i = 1; i < MostComplaints; i++)
        {
            var attempt = await TakeInAsync(history, stack, i);
            if (reached(attempt))
            {
                return attempt;
            }
        }

        throw new InvalidOperationException($"{MostComplaints} complaints went through: the disk is not full.");
    }

    private static Task<Attempt> TakeInAsync(OperationHistory history, EmbeddedStack stack, int i) =>
        history.AttemptAsync(
            new($"complaint-{i}", RequestKind.Process, null, null, $"Complaint {i}: ".PadRight(LongComplaint, 'क')),
            r => Officer.SendAsync(stack.Client, r)
        );
}
