namespace AfirGen.Api.Registry.Ledger;

/// <summary>A registered record as the registry has it, with the entry that was written beside it.</summary>
internal sealed record LedgerRow(LedgerRecord Record, LedgerEntry Entry);

/// <summary>A page of the ledger in position order, and where the registry says that the ledger ends.</summary>
internal sealed record LedgerPage(IReadOnlyList<LedgerRow> Rows, LedgerHead Head);

/// <param name="Verified">The last position up to which everything is right: the next check goes on from here.</param>
/// <param name="Complete">True when the end of the ledger was reached.</param>
/// <param name="Fault">The first thing that is wrong; null when nothing is.</param>
internal sealed record LedgerVerification(LedgerHead Verified, bool Complete, LedgerFault? Fault);

/// <param name="Position">Where the chain breaks first.</param>
internal sealed record LedgerFault(long Position, string Reason);

/// <summary>
/// Walks the ledger and computes every hash anew from the records themselves: whatever was altered, removed, moved or cut off shows at its
/// place (G6).
/// </summary>
/// <param name="read">Rows behind a position, at most so many, and the head, of one snapshot.</param>
internal sealed class LedgerVerifier(Func<long, int, CancellationToken, Task<LedgerPage>> read)
{
    public const int PageSize = 50;

    public LedgerVerifier(IRegistry registry)
        : this(registry.ReadLedgerAsync) { }

    /// <param name="from">Where an earlier check ended; <see cref="LedgerHead.Genesis"/> for the whole ledger.</param>
    /// <param name="limit">Records to look at, at most.</param>
    /// <exception cref="RegistryUnavailableException">The registry cannot be read now, which says nothing about the ledger.</exception>
    public async Task<LedgerVerification> VerifyAsync(LedgerHead from, long limit, CancellationToken cancellationToken)
    {
        var at = from;
        while (true)
        {
            var size = (int)Math.Min(PageSize, limit - (at.Position - from.Position));
            var page = await read(at.Position, Math.Max(size, 0), cancellationToken);
            foreach (var row in page.Rows)
            {
                if (Fault(row, at) is { } fault)
                {
                    return new(at, Complete: false, fault);
                }

                at = row.Entry.AsHead();
            }

            if (page.Rows.Count == size && size > 0)
            {
                continue;
            }

            // The page was read in one snapshot with the head, so a ledger that grows meanwhile is no fault.
            var end = page.Rows.Count < size || at.Position == page.Head.Position;
            return new(at, end, end ? FaultAtEnd(at, page.Head) : null);
        }
    }

    private static LedgerFault? Fault(LedgerRow row, LedgerHead before)
    {
        var wanted = before.Position + 1;
        var (position, previousHash, recordHash) = row.Entry;
        if (position != wanted)
        {
            return new(wanted, $"the record is missing: the next one is at {position}");
        }

        if (previousHash != before.Hash)
        {
            return new(position, $"{row.Record.FirNumber} does not follow the record before it: its previous hash is another one");
        }

        return row.Record.Follow(before).RecordHash == recordHash
            ? null
            : new(position, $"{row.Record.FirNumber} was altered: its content does not have the hash that was recorded");
    }

    private static LedgerFault? FaultAtEnd(LedgerHead at, LedgerHead head)
    {
        if (head.Position > at.Position)
        {
            return new(at.Position + 1, $"the end is missing: the ledger had {head.Position} records");
        }

        if (head.Position < at.Position)
        {
            return new(head.Position + 1, $"the ledger was cut back: it ends at {head.Position}, {at.Position} were there");
        }

        return head.Hash == at.Hash ? null : new(at.Position, "the last record is not the one that the ledger ends with");
    }
}
