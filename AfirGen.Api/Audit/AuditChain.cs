using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Audit;

/// <param name="Head">The last record up to which everything is right.</param>
/// <param name="Fault">The first thing that is wrong; null when nothing is.</param>
internal sealed record AuditVerification(AuditHead Head, string? Fault);

/// <summary>Computes every hash of the log anew (G6).</summary>
internal static class AuditChain
{
    private const int PageSize = 1000;

    /// <param name="noted">
    /// A head that somebody wrote down elsewhere: an end that was cut off leaves a chain that is consistent in itself, and lacks this one.
    /// </param>
    public static AuditVerification Verify(SqliteSession db, AuditHead? noted = null)
    {
        var head = AuditHead.Genesis;
        string? fault = null;
        while (fault is null && AuditTable.After(db, head.Sequence, PageSize) is { Count: > 0 } page)
        {
            foreach (var record in page)
            {
                fault = FaultOf(record, head, noted);
                if (fault is not null)
                {
                    break;
                }

                head = record.AsHead();
            }
        }

        return new(
            head,
            fault ?? (noted?.Sequence > head.Sequence ? $"the log ends at {head.Sequence}: record {noted.Sequence} was there" : null)
        );
    }

    private static string? FaultOf(AuditRecord record, AuditHead before, AuditHead? noted)
    {
        var wanted = AuditRecord.Follow(before, record.At, record.Entry);
        return record.Sequence != wanted.Sequence ? $"record {wanted.Sequence} is missing: the next one is {record.Sequence}"
            : !record.PreviousHash.AsSpan().SequenceEqual(before.Hash) ? $"record {record.Sequence} does not follow the one before it"
            : !record.Hash.AsSpan().SequenceEqual(wanted.Hash) ? $"record {record.Sequence} was altered"
            : noted?.Sequence == record.Sequence && !noted.Hash.AsSpan().SequenceEqual(record.Hash)
                ? $"record {record.Sequence} is not the one that was noted: the log was rewritten"
            : null;
    }
}
