using System.ComponentModel.DataAnnotations;

namespace AfirGen.Api.Journal;

/// <summary>Configuration section <c>AfirGen:Journal</c>.</summary>
internal sealed class JournalOptions
{
    public const string Section = "AfirGen:Journal";

    /// <summary>Requests that may wait for the writer. One more is answered 503 with Retry-After: memory stays bounded.</summary>
    [Range(1, 1_000_000)]
    public int MaxQueueLength { get; set; } = 4096;

    /// <summary>Units of work that one COMMIT, and so one fsync, covers at most.</summary>
    [Range(1, 10_000)]
    public int MaxBatchSize { get; set; } = 256;

    /// <summary>How long a write that no request waits for (a delivery mark) may wait to share the commit of one that does.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan SharedCommitDelay { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Read-only connections.</summary>
    [Range(1, 64)]
    public int Readers { get; set; } = 4;

    /// <summary>WAL size above which it is copied into the database file while the writer goes on.</summary>
    [Range(1, 1024)]
    public int MaxWalMebibytes { get; set; } = 16;

    /// <summary>Below this much free space on the data disk new writes are refused before they start. 0 turns the check off.</summary>
    [Range(0, 1_048_576)]
    public int MinFreeMebibytes { get; set; } = 64;
}
