using AfirGen.Tests.History;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>
/// Killed at every named instant between a request and its answer, and healed by the next start: the same key gets the answer, and there
/// is exactly one effect. A point that is never reached fails its test.
/// </summary>
public sealed class CrashPointTests(PreparedFolder prepared) : IClassFixture<PreparedFolder>
{
    private const int HeldUpMicroseconds = 3_000_000; // far longer than it takes to see it and kill
    private const int KilledExitCode = 128 + ApiProcess.SigKill;

    // P1, P6: before and after the journal's commit; the second commit of a delivered request is the mark "delivered" (skip 1).
    // P2 to P4: around the registry's transaction. P5: before the answer.
    [Theory]
    [InlineData("P1", 0, "process")]
    [InlineData("P1", 1, "process")]
    [InlineData("P2", 0, "process")]
    [InlineData("P3", 0, "process")]
    [InlineData("P4", 0, "process")]
    [InlineData("P5", 0, "process")]
    [InlineData("P6", 0, "process")]
    [InlineData("P1", 0, "validate")]
    [InlineData("P2", 0, "validate")]
    [InlineData("P3", 0, "validate")]
    [InlineData("P4", 0, "validate")]
    [InlineData("P5", 0, "validate")]
    [InlineData("P6", 0, "validate")]
    [InlineData("P1", 0, "authenticate")]
    [InlineData("P1", 1, "authenticate")]
    [InlineData("P2", 0, "authenticate")]
    [InlineData("P3", 0, "authenticate")]
    [InlineData("P4", 0, "authenticate")]
    [InlineData("P5", 0, "authenticate")]
    [InlineData("P6", 0, "authenticate")]
    [InlineData("P6", 1, "authenticate")]
    [Trait("Defect", "D-15")]
    [Trait("Defect", "D-16")]
    public async Task G3_a_request_killed_at(string point, int skip, string route)
    {
        await using var stack = EmbeddedStack.Prepared();
        Stores.Copy(prepared.Folder, stack.DataFolder);
        var before = StoreView.Read(stack.Stores);
        var history = new OperationHistory();
        prepared.AddTo(history);
        var request = prepared.Next(route);

        using (var armed = new ArmedPoint(stack, point, skip))
        {
            await stack.StartApiAsync();
            await SendAsync(history, stack, request);
            Assert.Equal(KilledExitCode, await stack.Api.WaitForExitAsync());
            armed.RequireHit();
        }

        await stack.StartApiAsync();
        await SettleAsync(stack);
        var healed = StoreView.Read(stack.Stores);
        Assert.Empty(HistoryChecker.Check(history.Operations, healed, settled: true));
        var here = healed.AnswersByKey[request.Key].Any();
        // Only a commit that never happened leaves nothing behind.
        Assert.Equal(point != "P1" || skip > 0, here);
        Assert.Equal(here ? "done" : "not_done", (await stack.Client.GetAsync($"/operations/{request.Key}"))["outcome"]);

        var answer = (await SendAsync(history, stack, request)).RequireOk();
        Assert.Equal(here, answer.Headers.ContainsKey("Idempotency-Replayed"));
        Assert.Equal(answer.Body, (await SendAsync(history, stack, request)).RequireOk().Body);
        await SettleAsync(stack);
        var after = StoreView.Read(stack.Stores);
        Assert.Empty(HistoryChecker.Check(history.Operations, after, settled: true));
        Assert.Equal(before.Sessions.Count + (route == "process" ? 1 : 0), after.Sessions.Count);
        Assert.Equal(route == "authenticate" ? 1 : 0, after.Counters.Sum(c => c.LastSerial));
    }

    // P7: between the two checkpoints of the flush. P9: after the flush, before the marker goes. P12: in the drain.
    [Theory]
    [InlineData("P12")]
    [InlineData("P7")]
    [InlineData("P9")]
    public async Task G1_a_stop_killed_at(string point)
    {
        await using var stack = EmbeddedStack.Prepared();
        Stores.Copy(prepared.Folder, stack.DataFolder);
        var history = new OperationHistory();
        prepared.AddTo(history);
        using (var armed = new ArmedPoint(stack, point))
        {
            await stack.StartApiAsync();
            foreach (var route in PreparedFolder.Routes)
            {
                (await SendAsync(history, stack, prepared.Next(route))).RequireOk();
            }

            Assert.Equal(KilledExitCode, await stack.StopApiAsync());
            armed.RequireHit();
        }

        await stack.StartApiAsync();
        Assert.Contains(stack.Api.Log, line => line.Contains("the last run did NOT stop cleanly", StringComparison.Ordinal));
        await SettleAsync(stack);
        var stores = StoreView.Read(stack.Stores);
        Assert.Empty(HistoryChecker.Check(history.Operations, stores, settled: true));
        Assert.Empty(await ApiCheck.ReadAsync(stack.Client, stores, [.. stores.Sessions.Values]));
        Assert.Empty(await ApiCheck.RepeatAsync(stack.Client, history.Acknowledged));
        Assert.Equal(0, await stack.StopApiAsync());
    }

    /// <summary>P7 for real: some pages of the log are in the main file and the next one is held up when the process is killed.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task G1_a_stop_killed_inside_the_checkpoint_after_pages(int pages)
    {
        await using var stack = EmbeddedStack.Prepared();
        Stores.Copy(prepared.Folder, stack.DataFolder);
        using var folder = new TemporaryFolder();
        var history = new OperationHistory();
        prepared.AddTo(history);
        var trace = folder.File("trace");
        var inject = $"inject=pwrite64:delay_enter={HeldUpMicroseconds}:when={pages + 1}";
        await stack.StartApiAsync(
            "strace",
            "-D",
            "-f",
            "--seccomp-bpf",
            "-P",
            stack.Stores.JournalFile,
            "-e",
            "trace=pwrite64",
            "-e",
            inject,
            "-o",
            trace
        );
        foreach (var route in PreparedFolder.Routes)
        {
            (await SendAsync(history, stack, prepared.Next(route))).RequireOk();
        }

        stack.Api.Signal(ApiProcess.SigTerm);
        await Eventually.TrueAsync(() => Written(trace) >= pages, "pages reach the main file");
        await stack.KillApiAsync();
        Assert.Equal(pages, Written(trace)); // inside: neither before the checkpoint nor after it

        await stack.StartApiAsync();
        await SettleAsync(stack);
        Assert.Empty(HistoryChecker.Check(history.Operations, StoreView.Read(stack.Stores), settled: true));
        Assert.Empty(await ApiCheck.RepeatAsync(stack.Client, history.Acknowledged));
    }

    /// <summary>P10, in the migration of the journal and in that of the registry.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task G2_a_first_start_killed_inside_the_migration_of(int store)
    {
        await using var stack = EmbeddedStack.Prepared();
        using (var armed = new ArmedPoint(stack, "P10", store))
        {
            Assert.Equal(KilledExitCode, await stack.LaunchApi().WaitForExitAsync());
            armed.RequireHit();
        }

        await stack.StartApiAsync();
        (await stack.Client.ProcessAsync(Complaints.Theft, "after-p10")).RequireOk();
        await stack.RestartAsync(kill: true);
        await SettleAsync(stack);
        Assert.Equal(1, stack.Stores.RegistryCount("fir_records"));
        Assert.Equal(1, stack.Stores.JournalCount("session_rows"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task G8_a_first_start_told_to_stop_inside_the_migration_leaves_nothing_to_recover_in(int store)
    {
        await using var stack = EmbeddedStack.Prepared();
        stack.Settings["AfirGen:Testing:CrashPointStops"] = "true";
        using var armed = new ArmedPoint(stack, "P10", store);
        await using var api = stack.LaunchApi();

        Assert.Equal(0, await api.WaitForExitAsync());
        armed.RequireHit();
        Assert.Contains(api.Log, line => line.Contains("All data successfully persisted to disk", StringComparison.Ordinal));
        Assert.All(Directory.GetFiles(stack.DataFolder, "*-wal"), log => Assert.Equal(0, new FileInfo(log).Length));
        Assert.False(File.Exists(Path.Combine(stack.DataFolder, "running")));
    }

    private static int Written(string trace) =>
        File.Exists(trace) ? File.ReadLines(trace).Count(line => line.EndsWith(" = 4096", StringComparison.Ordinal)) : 0;

    private static Task SettleAsync(EmbeddedStack stack) =>
        Eventually.TrueAsync(
            () => stack.Stores.Journal("SELECT COUNT(*) FROM outbox WHERE delivered_at IS NULL", row => row.GetInt64(0))[0] == 0,
            "the outbox is delivered"
        );

    private static async Task<Reply> SendAsync(OperationHistory history, EmbeddedStack stack, Request request)
    {
        var attempt = await history.AttemptAsync(request, r => Officer.SendAsync(stack.Client, r));
        return attempt.Answer ?? new(0, new Dictionary<string, string>(), []);
    }

    /// <summary>Arms one crash point for the next start, and knows whether it was reached.</summary>
    private sealed class ArmedPoint : IDisposable
    {
        private readonly EmbeddedStack _stack;
        private readonly TemporaryFolder _folder = new();
        private readonly string _point;

        public ArmedPoint(EmbeddedStack stack, string point, int skip = 0)
        {
            _stack = stack;
            _point = point;
            stack.Settings["AfirGen:Testing:CrashPoint"] = point;
            stack.Settings["AfirGen:Testing:CrashPointSkip"] = $"{skip}";
            stack.Settings["AfirGen:Testing:CrashPointFile"] = _folder.File("hit");
        }

        public void RequireHit() =>
            Assert.Equal($"{_point}\n", File.Exists(_folder.File("hit")) ? File.ReadAllText(_folder.File("hit")) : "");

        public void Dispose()
        {
            _stack.Settings.Remove("AfirGen:Testing:CrashPoint");
            _folder.Dispose();
        }
    }
}
