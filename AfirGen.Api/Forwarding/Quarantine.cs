using AfirGen.Api.Journal;

namespace AfirGen.Api.Forwarding;

/// <summary>
/// Keeps a row that the registry refuses for a reason of its own from holding up all others: a batch that failed that way is tried row by
/// row, and the row that fails alone waits, with the rest of its session, for the next start.
/// </summary>
internal sealed class Quarantine(ILogger logger)
{
    private readonly HashSet<string> _sessions = [];

    /// <summary>Sessions whose rows wait for the next start.</summary>
    public IReadOnlyCollection<string> Sessions => _sessions;

    /// <summary>Rows that are still to be tried one by one.</summary>
    public int OneByOne { get; private set; }

    public void Isolate(List<OutboxRow> rows, Exception cause)
    {
        if (rows is [var row])
        {
            _sessions.Add(row.SessionId);
            OneByOne--;
            logger.LogError(cause, "Outbox row {Id} cannot be delivered; the rows of its session wait for the next start", row.Id);
        }
        else
        {
            // Until the whole batch is through: there is a pause after every failure, so it must fail as a whole only once.
            OneByOne = rows.Count;
        }
    }

    public void Delivered(int rows) => OneByOne = Math.Max(0, OneByOne - rows);
}
