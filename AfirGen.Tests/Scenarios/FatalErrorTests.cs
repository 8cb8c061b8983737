using AfirGen.Tests.History;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>
/// An fsync that fails: nobody knows what is on the disk, and a second try would lie. The process stops, having acknowledged nothing that the
/// failed fsync covered, and the next start recovers.
/// </summary>
public sealed class FatalErrorTests
{
    private const int FatalExitCode = 74; // EX_IOERR
    private const int MostComplaints = 200;
    private const int LaterComplaints = 5;

    [Theory]
    [InlineData("sessions.db-wal")]
    [InlineData("firs.db-wal")]
    public async Task G8_after_a_failed_fsync_nothing_is_acknowledged_and_the_process_stops(string log)
    {
        await using var stack = await EmbeddedStack.StartAsync();
        Assert.Equal(0, await stack.StopApiAsync()); // so that the files are there and the next start syncs little
        var history = new OperationHistory();
        var file = Path.Combine(stack.DataFolder, log);
        await stack.StartApiAsync(
            "strace",
            "-D",
            "-f",
            "--seccomp-bpf",
            "-P",
            file,
            "-e",
            "trace=fsync,fdatasync",
            "-e",
            "inject=fsync,fdatasync:error=EIO:when=20+",
            "-o",
            "/dev/null"
        );

        for (var i = 0; i < MostComplaints && !stack.Api.HasExited; i++)
        {
            await TakeInAsync(history, stack, i);
        }

        // Whoever comes now meets a closed door, or none.
        await Task.WhenAll(Enumerable.Range(MostComplaints, LaterComplaints).Select(i => TakeInAsync(history, stack, i)));
        Assert.Equal(FatalExitCode, await stack.Api.WaitForExitAsync());
        Assert.Contains(stack.Api.Log, line => line.StartsWith("FATAL: ", StringComparison.Ordinal));
        var operations = history.Operations;
        var firstUnknown = operations.TakeWhile(o => o.Acknowledged is not null).Count();
        Assert.InRange(firstUnknown, 1, MostComplaints - 1);
        Assert.DoesNotContain(operations.Skip(firstUnknown), o => o.Acknowledged?.Headers["X-Durability"] == "registry");
        if (log == "sessions.db-wal")
        {
            Assert.DoesNotContain(operations.Skip(firstUnknown), o => o.Acknowledged is not null);
        }

        await stack.StartApiAsync();
        await Eventually.TrueAsync(
            () => stack.Stores.Journal("SELECT 1 FROM outbox WHERE delivered_at IS NULL", _ => 1).Count == 0,
            "the outbox is delivered"
        );
        Assert.Empty(HistoryChecker.Check(history.Operations, StoreView.Read(stack.Stores), settled: true));
        foreach (var operation in operations)
        {
            Assert.Equal(Verdict.Ok, (await history.AttemptAsync(operation.Request, r => Officer.SendAsync(stack.Client, r))).Verdict);
        }

        await Eventually.TrueAsync(
            () => stack.Stores.Journal("SELECT 1 FROM outbox WHERE delivered_at IS NULL", _ => 1).Count == 0,
            "the outbox is delivered"
        );
        Assert.Empty(HistoryChecker.Check(history.Operations, StoreView.Read(stack.Stores), settled: true));
    }

    private static Task<Attempt> TakeInAsync(OperationHistory history, EmbeddedStack stack, int i) =>
        history.AttemptAsync(
            new($"complaint-{i}", RequestKind.Process, null, null, $"Complaint {i}: {Complaints.Theft}"),
            r => Officer.SendAsync(stack.Client, r)
        );
}
