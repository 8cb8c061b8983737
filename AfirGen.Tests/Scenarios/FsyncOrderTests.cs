using AfirGen.Tests.Stack;
using AfirGen.Tests.Strace;

namespace AfirGen.Tests.Scenarios;

/// <summary>
/// A killed process loses nothing that the kernel has, so kills alone say nothing about power cuts. This looks at the system calls
/// instead: no acknowledgement leaves before the fdatasync that covers it has succeeded.
/// </summary>
public sealed class FsyncOrderTests
{
    private const int Clients = 8;
    private const int JourneysEach = 3;
    private static readonly string[] Steps = ["summary_review", "violations_review", "fir_narrative_review", "final_review"];

    [Fact]
    public async Task G1_no_answer_leaves_before_its_change_is_synced()
    {
        using var folder = new TemporaryFolder();
        var trace = folder.File("trace");
        await using var stack = EmbeddedStack.Prepared();
        await stack.StartApiAsync(
            "strace",
            "-D", // the service stays our own child, so that signals reach it
            "-f",
            "--seccomp-bpf",
            "-y",
            "-s",
            "8192",
            "-e",
            "trace=pwrite64,fdatasync,fsync,write,writev,sendto,sendmsg",
            "-o",
            trace
        );

        var writes = (await Task.WhenAll(Enumerable.Range(0, Clients).Select(n => Task.Run(() => WorkAsync(stack, n)))))
            .SelectMany(w => w)
            .ToList();
        await stack.KillApiAsync(); // no graceful flush: whatever is proven was so before

        var calls = StraceLog.Parse(File.ReadLines(trace));
        var report = new FsyncOrder(calls).Check(stack.Stores.JournalFile + "-wal", stack.Stores.RegistryFile + "-wal", writes);
        Assert.True(report.Faults.Count == 0, string.Join('\n', report.Faults.Take(20)));
        Assert.Equal(Clients * JourneysEach * (Steps.Length + 2), report.Verified);
        var inRegistry = writes.Count(write => write.InRegistry is not null);
        Assert.True(inRegistry > 0, "no answer claimed the registry");
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{report.Verified} answers proven to have left after their fdatasync, {inRegistry} of them after the registry's too; {calls.Count} system calls"
        );
    }

    private static async Task<List<AcknowledgedWrite>> WorkAsync(EmbeddedStack stack, int client)
    {
        var writes = new List<AcknowledgedWrite>();
        for (var journey = 0; journey < JourneysEach; journey++)
        {
            var name = $"client-{client}-journey-{journey}";
            var created = (await stack.Client.ProcessAsync(Complaints.Theft, $"{name}-process.")).RequireOk();
            var (id, fir) = (created["session_id"], created["fir_number"]);
            writes.Add(Proof($"{name}-process.", $"\"session_id\":\"{id}\",\"fir_number\"", created, id));
            foreach (var step in Steps)
            {
                var approved = (await stack.Client.ApproveAsync(id, key: $"{name}-{step}.")).RequireOk();
                // The registry holds the session since /process; what it gets at the final review is the FIR's text, which begins in a page of its own.
                writes.Add(Proof($"{name}-{step}.", $"\"session_id\":\"{id}\",\"current_step\":\"{step}\"", approved, null));
            }

            (await stack.Client.ApproveAsync(id, key: $"{name}-complete.")).RequireOk();
            var registered = (await stack.Client.AuthenticateAsync(fir, EmbeddedStack.AuthKey, $"{name}-register.")).RequireOk();
            // The number is in the journal's second transaction for this request: the one after the registry's.
            var number = $"\"registration_number\":\"{registered["registration_number"]}\"";
            writes.Add(Proof(number, number, registered, registered.Json["receipt"]!["registered_at"]!.ToString()));
        }

        return writes;
    }

    private static AcknowledgedWrite Proof(string key, string answer, Reply reply, string? inRegistry) =>
        new(key, answer, reply.Headers["X-Durability"] == "registry" ? inRegistry : null);
}
