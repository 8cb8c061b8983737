using AfirGen.Api.Journal;
using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Audit;

/// <summary>
/// What happened outside of this process, found by what it left: a state that differs from the one recorded last. The journal has one writer, so
/// commands cannot record what they do themselves.
/// </summary>
internal sealed class OutsideEvents(JournalStore journal, AuditTrail audit)
{
    /// <summary>By what it is the state of; only of what begins with <paramref name="prefix"/>.</summary>
    public Task<Dictionary<string, string>> KnownAsync(string prefix, CancellationToken cancellationToken) =>
        journal.ReadAsync(
            db =>
                db.List(
                        "SELECT what, state FROM outside_states WHERE substr(what, 1, length($1)) = $1",
                        row => (What: row.GetString(0), State: row.GetString(1)),
                        prefix
                    )
                    .ToDictionary(row => row.What, row => row.State),
            cancellationToken
        );

    /// <summary>States and records in one transaction: each change is recorded once, also after a crash (G2).</summary>
    /// <exception cref="JournalRefusedException">Nothing was recorded.</exception>
    public Task RecordAsync(IReadOnlyList<OutsideEvent> events, CancellationToken cancellationToken) =>
        events.Count == 0
            ? Task.CompletedTask
            : audit.WriteOwnAsync(
                db =>
                {
                    foreach (var e in events)
                    {
                        Record(db, e);
                    }
                },
                cancellationToken
            );

    private void Record(SqliteSession db, OutsideEvent e)
    {
        db.Execute(
            "INSERT INTO outside_states (what, state) VALUES ($1, $2) ON CONFLICT (what) DO UPDATE SET state = excluded.state",
            e.What,
            e.State
        );
        audit.Append(db, e.Entry);
    }
}

/// <param name="What">What has a state: <c>key 0123456789abcdef</c>.</param>
/// <param name="State">As it is now.</param>
/// <param name="Entry">The record of how it came to that.</param>
internal sealed record OutsideEvent(string What, string State, AuditEntry Entry);
