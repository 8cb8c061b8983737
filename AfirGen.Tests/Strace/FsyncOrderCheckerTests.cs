namespace AfirGen.Tests.Strace;

/// <summary>The checker itself, on planted traces: it must accept the good ones and see what is wrong with each bad one.</summary>
public sealed class FsyncOrderCheckerTests
{
    private const string Wal = "/d/sessions.db-wal";
    private const string RegistryWal = "/d/firs.db-wal";
    private const string CommitHeader = """10 pwrite64(5</d/sessions.db-wal>, "\0\0\0\1\0\0\0\7abcdefghijklmnop", 24, 32) = 24""";
    private const string OtherHeader = """10 pwrite64(5</d/sessions.db-wal>, "\0\0\0\1\0\0\0\0abcdefghijklmnop", 24, 32) = 24""";
    private const string Page = """10 pwrite64(5</d/sessions.db-wal>, "\r\0key-1\0\1777\"x\"", 4096, 56) = 4096""";
    private const string Sync = "10 fdatasync(5</d/sessions.db-wal>) = 0";
    private const string Send = """11 sendto(9<socket:[77]>, "HTTP/1.1 200 OK\r\n\r\n{\"id\":\"s-1\"}", 40, MSG_NOSIGNAL, NULL, 0) = 40""";
    private static readonly AcknowledgedWrite Write = new("key-1", "\"id\":\"s-1\"", null);

    [Fact]
    public void A_commit_that_is_synced_before_the_answer_is_proven() =>
        Assert.Equal(1, Check(Write, CommitHeader, Page, Sync, Send).Verified);

    [Fact]
    public void Calls_that_overlap_are_put_together() =>
        Assert.Equal(
            1,
            Check(
                Write,
                CommitHeader,
                Page,
                "10 fdatasync(5</d/sessions.db-wal> <unfinished ...>",
                """12 sendto(8<socket:[78]>, "HTTP/1.1 200 OK another", 23, 0, NULL, 0) = 23""",
                "10 <... fdatasync resumed>)            = 0",
                Send
            ).Verified
        );

    [Fact]
    public void An_answer_during_the_sync_is_seen() =>
        RequireFault(
            "before sessions.db-wal was synced",
            CommitHeader,
            Page,
            "10 fdatasync(5</d/sessions.db-wal> <unfinished ...>",
            Send,
            "10 <... fdatasync resumed>)            = 0"
        );

    [Fact]
    public void An_answer_without_a_sync_is_seen() => RequireFault("before sessions.db-wal was synced", CommitHeader, Page, Send, Sync);

    [Fact]
    public void A_sync_that_began_before_the_commit_frame_does_not_count() =>
        RequireFault(
            "before sessions.db-wal was synced",
            CommitHeader,
            "12 fdatasync(5</d/sessions.db-wal> <unfinished ...>",
            Page,
            "12 <... fdatasync resumed>)            = 0",
            Send
        );

    [Fact]
    public void A_failed_sync_does_not_count() =>
        RequireFault(
            "before sessions.db-wal was synced",
            CommitHeader,
            Page,
            "10 fdatasync(5</d/sessions.db-wal>) = -1 EIO (Input/output error) (INJECTED)",
            Send
        );

    [Fact]
    public void A_sync_of_another_file_does_not_count() =>
        RequireFault("before sessions.db-wal was synced", CommitHeader, Page, "10 fdatasync(6</d/firs.db-wal>) = 0", Send);

    [Fact]
    public void A_page_whose_commit_frame_is_still_to_come_does_not_count() =>
        RequireFault(
            "before its commit frame",
            OtherHeader,
            Page,
            Sync,
            Send,
            CommitHeader,
            Page.Replace("key-1", "other", StringComparison.Ordinal),
            Sync
        );

    [Fact]
    public void A_change_that_was_never_written_is_seen() =>
        RequireFault("nowhere in sessions.db-wal", CommitHeader, Page.Replace("key-1", "key-2", StringComparison.Ordinal), Sync, Send);

    [Fact]
    public void An_answer_that_is_not_in_the_trace_is_seen() => RequireFault("its answer is not in the trace", CommitHeader, Page, Sync);

    [Fact]
    public void What_claims_the_registry_needs_its_sync_too()
    {
        var write = Write with { InRegistry = "s-1" };
        string[] registry =
        [
            CommitHeader.Replace(Wal, RegistryWal, StringComparison.Ordinal),
            Page.Replace(Wal, RegistryWal, StringComparison.Ordinal).Replace("key-1", "s-1", StringComparison.Ordinal),
        ];
        var sync = Sync.Replace(Wal, RegistryWal, StringComparison.Ordinal);

        Assert.Equal(1, Check(write, [CommitHeader, Page, Sync, .. registry, sync, Send]).Verified);
        Assert.Contains("before firs.db-wal was synced", Assert.Single(Check(write, [CommitHeader, Page, Sync, .. registry, Send]).Faults));
    }

    private static void RequireFault(string fault, params string[] trace) =>
        Assert.Contains(fault, Assert.Single(Check(Write, trace).Faults));

    private static FsyncOrderReport Check(AcknowledgedWrite write, params string[] trace) =>
        new FsyncOrder(StraceLog.Parse(trace)).Check(Wal, RegistryWal, [write]);
}
