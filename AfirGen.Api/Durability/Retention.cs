using AfirGen.Api.Journal;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Durability;

/// <summary>
/// Deletes answers and delivered outbox rows that are older than they are kept. Many small transactions instead of a large one: requests
/// that come meanwhile share their commits.
/// </summary>
internal sealed class Retention(JournalStore journal, IOptions<HousekeepingOptions> options, TimeProvider clock)
{
    public const int RowsPerCommit = 200;

    /// <param name="mayGoOn">Asked before each commit.</param>
    public async Task DeleteOldAsync(Func<bool> mayGoOn, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var answers = JournalStore.Stamp(now - options.Value.IdempotencyRetention);
        while (
            mayGoOn()
            && await journal.WriteOwnAsync(db => IdempotencyTable.DeleteOlderThan(db, answers, RowsPerCommit), cancellationToken)
                == RowsPerCommit
        ) { }

        await DeleteDeliveredAsync(JournalStore.Stamp(now - options.Value.OutboxRetention), mayGoOn, cancellationToken);
    }

    /// <summary>
    /// Goes through the outbox from its oldest row and ends at the first one that is younger, read on a reader's connection: what is kept
    /// is never looked at, and the writer only deletes.
    /// </summary>
    private async Task DeleteDeliveredAsync(string before, Func<bool> mayGoOn, CancellationToken cancellationToken)
    {
        for (long after = 0; mayGoOn(); )
        {
            var last = after;
            var page = await journal.ReadAsync(db => OutboxTable.OlderThan(db, before, last, RowsPerCommit), cancellationToken);
            long[] delivered = [.. page.Where(row => row.Delivered).Select(row => row.Id)];
            if (delivered.Length > 0)
            {
                await journal.WriteOwnAsync(db => OutboxTable.DeleteDelivered(db, delivered, before), cancellationToken);
            }

            if (page.Count < RowsPerCommit)
            {
                return;
            }

            after = page[^1].Id;
        }
    }
}
