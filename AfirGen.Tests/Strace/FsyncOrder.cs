using System.Text;

namespace AfirGen.Tests.Strace;

/// <summary>One acknowledged change, and how to recognise it.</summary>
/// <param name="Key">Stands in the journal's transaction and nowhere before it.</param>
/// <param name="Answer">Stands in the answer and in no other one.</param>
/// <param name="InRegistry">What stands in the registry's transaction; null when the answer does not claim it.</param>
internal sealed record AcknowledgedWrite(string Key, string Answer, string? InRegistry);

/// <param name="Verified">Answers of which every claim was proven.</param>
/// <param name="Faults">What is wrong with the others.</param>
internal sealed record FsyncOrderReport(int Verified, IReadOnlyList<string> Faults);

/// <summary>
/// Proves from a trace that no answer left before its change was on the disk: the frames that carry the change are written, then the frame
/// that commits them, then an fdatasync of that write-ahead log begins and succeeds, and only then the answer is sent (G1).
/// </summary>
internal sealed class FsyncOrder(IReadOnlyList<SystemCall> calls)
{
    private const int FrameHeaderLength = 24;
    private const int CommitSizeOffset = 4;

    public FsyncOrderReport Check(string journalLog, string registryLog, IReadOnlyList<AcknowledgedWrite> writes)
    {
        var journal = new TracedLog(calls, journalLog);
        var registry = new TracedLog(calls, registryLog);
        var sends = calls.Where(c => c.Name is "sendto" or "sendmsg" or "write" or "writev" && Begins(c.Data, "HTTP/1.1 200")).ToList();
        var faults = new List<string>();
        foreach (var write in writes)
        {
            var answer = sends.FirstOrDefault(send => Contains(send.Data, write.Answer));
            var fault = answer is null
                ? "its answer is not in the trace"
                : journal.FaultOf(write.Key, answer) ?? (write.InRegistry is null ? null : registry.FaultOf(write.InRegistry, answer));
            if (fault is not null)
            {
                faults.Add($"{write.Key}: {fault}");
            }
        }

        return new(writes.Count - faults.Count, faults);
    }

    private static bool Contains(byte[] data, string text) => data.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private static bool Begins(byte[] data, string text) => data.AsSpan().StartsWith(Encoding.UTF8.GetBytes(text));

    /// <summary>The writes and syncs of one write-ahead log.</summary>
    private sealed class TracedLog
    {
        private readonly string _name;
        private readonly List<SystemCall> _pages = [];
        private readonly List<SystemCall> _commits = [];
        private readonly List<SystemCall> _syncs;

        public TracedLog(IReadOnlyList<SystemCall> calls, string path)
        {
            _name = Path.GetFileName(path);
            var own = calls.Where(c => c.Path == path).ToList();
            _syncs = [.. own.Where(c => c.Name is "fdatasync" or "fsync" && c.Succeeded)];
            var commits = false;
            foreach (var write in own.Where(c => c.Name == "pwrite64"))
            {
                if (write.Data.Length == FrameHeaderLength)
                {
                    commits = write.Data.AsSpan(CommitSizeOffset, sizeof(int)).ContainsAnyExcept((byte)0);
                    continue;
                }

                _pages.Add(write);
                if (commits)
                {
                    _commits.Add(write);
                    commits = false;
                }
            }
        }

        /// <returns>Null when what <paramref name="mark"/> stands in was committed and synced before <paramref name="answer"/> began to leave.</returns>
        public string? FaultOf(string mark, SystemCall answer)
        {
            if (_pages.FirstOrDefault(page => Contains(page.Data, mark)) is not { } first)
            {
                return $"it is nowhere in {_name}";
            }

            if (_commits.FirstOrDefault(c => c.Entered >= first.Entered) is not { Succeeded: true } commit || commit.Left > answer.Entered)
            {
                return $"it left before its commit frame was in {_name}";
            }

            return _syncs.Any(sync => sync.Entered > commit.Left && sync.Left < answer.Entered)
                ? null
                : $"it left before {_name} was synced";
        }
    }
}
