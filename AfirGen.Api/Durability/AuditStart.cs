using AfirGen.Api.Access;
using AfirGen.Api.Audit;
using AfirGen.Api.Backup;
using AfirGen.Api.Journal;

namespace AfirGen.Api.Durability;

/// <summary>What the audit log needs once the journal is open, before the first request is taken.</summary>
internal sealed class AuditStart(
    JournalStore journal,
    AuditTrail audit,
    RestoreAudit restores,
    FailedKeys failedKeys,
    TimeProvider clock,
    ILogger<AuditStart> logger
)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        audit.PublishZeros();
        // A restart must not hand out new guesses.
        var since = JournalStore.Stamp(clock.GetUtcNow() - FailedKeys.Window);
        failedKeys.Load(await journal.ReadAsync(db => AuditTable.Guesses(db, since), cancellationToken));
        await restores.RecordAsync(cancellationToken);
        // Wherever the log of the service is collected, this line is a witness: whoever rewrites the audit log must reach that too.
        logger.LogInformation("Audit log: {Head}", await journal.ReadAsync(AuditTable.Head, cancellationToken));
    }
}
