using AfirGen.Api.Journal;

namespace AfirGen.Api.Forwarding;

/// <summary>
/// Marks of delivered rows on their way into the journal. The forwarder goes on delivering meanwhile, and each mark shares the commit of the
/// next requests instead of costing a sync of its own. A mark that is lost in a crash means that its rows are delivered again, which
/// changes nothing (G3). One owner at a time: whoever delivers.
/// </summary>
internal sealed class DeliveryMarks
{
    /// <summary>More than these and the writer has fallen behind: delivering on would only make more of them.</summary>
    private const int MaxUnderWay = 8;

    private readonly Queue<DeliveryMark> _underWay = new();

    /// <summary>
    /// Everything up to this id that is not marked yet is delivered or parked: batches are taken in id order, and one that fails is
    /// taken again before any later one.
    /// </summary>
    public long DeliveredUpTo { get; private set; }

    public void Add(List<OutboxRow> rows, Task<bool> commit)
    {
        _underWay.Enqueue(new([.. rows.Select(row => row.Id)], commit));
        DeliveredUpTo = rows[^1].Id;
    }

    /// <summary>The oldest one that is to be settled now; null when there is none.</summary>
    public DeliveryMark? Next(bool all) =>
        _underWay.TryPeek(out var oldest) && (all || oldest.Commit.IsCompleted || _underWay.Count > MaxUnderWay) ? oldest : null;

    /// <returns>Ids of the rows that are marked now.</returns>
    public async Task<IReadOnlyList<long>> SettleAsync(DeliveryMark mark)
    {
        try
        {
            await mark.Commit;
            return mark.Ids;
        }
        catch
        {
            DeliveredUpTo = 0; // not marked, so they are delivered once more
            throw;
        }
        finally
        {
            _underWay.Dequeue();
        }
    }
}

/// <param name="Commit">Completes when the journal has it.</param>
internal sealed record DeliveryMark(IReadOnlyList<long> Ids, Task Commit);
