using AfirGen.Api.Journal;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Drafting.Sessions;

/// <summary>What happens to sessions without an officer: interrupted reading is marked, idle ones expire.</summary>
internal sealed class SessionUpkeep(JournalStore journal, IOptions<DraftingSessionOptions> options, TimeProvider clock)
{
    private const int BatchSize = 100;

    /// <summary>Sessions whose upload was being read when the last process ended can be read again, and say so.</summary>
    public async Task<int> MarkInterruptedAsync(CancellationToken cancellationToken)
    {
        var rows = await journal.ReadAsync(SessionTables.ListProcessing, cancellationToken);
        var interrupted = rows.Select(row => SessionStore.Read(row)!).Where(session => session.Error is null).ToList();
        await WriteAsync(
            interrupted,
            new ReadingFailed("The service stopped while the upload was being read. Try again."),
            cancellationToken
        );
        return interrupted.Count;
    }

    /// <summary>Expires sessions that were idle for too long. It can be undone, nothing is deleted.</summary>
    public async Task<int> ExpireAsync(CancellationToken cancellationToken)
    {
        var limit = JournalStore.Stamp(clock.GetUtcNow() - options.Value.IdleTimeout);
        var expired = 0;
        while (true)
        {
            var rows = await journal.ReadAsync(db => SessionTables.ListIdle(db, limit, BatchSize), cancellationToken);
            if (rows.Count == 0)
            {
                return expired;
            }

            expired += await WriteAsync([.. rows.Select(row => SessionStore.Read(row)!)], new SessionExpired(), cancellationToken);
        }
    }

    private async Task<int> WriteAsync(List<SessionState> sessions, SessionEvent e, CancellationToken cancellationToken)
    {
        var changes = sessions.ConvertAll(session =>
        {
            var change = SessionChange.Of(session);
            change.Add(e, clock.GetUtcNow());
            return change;
        });
        var results = await Task.WhenAll(changes.Select(change => TryWriteAsync(change, cancellationToken)));
        return results.Count(written => written);
    }

    private async Task<bool> TryWriteAsync(SessionChange change, CancellationToken cancellationToken)
    {
        try
        {
            return await journal.WriteOwnAsync(
                db =>
                {
                    SessionStore.Write(db, change);
                    return true;
                },
                cancellationToken
            );
        }
        catch (SessionConflictException)
        {
            return false; // an officer came back in time
        }
    }
}
