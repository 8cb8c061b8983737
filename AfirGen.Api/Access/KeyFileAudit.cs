using AfirGen.Api.Audit;
using AfirGen.Api.Journal;

namespace AfirGen.Api.Access;

/// <summary>Records what became of the stored keys: by a command, by hand, or by an old copy of the file.</summary>
internal sealed class KeyFileAudit(OutsideEvents outside)
{
    private const string Prefix = "key ";
    private const string Gone = "gone";

    public async Task RecordAsync(IReadOnlyList<StoredKey> keys, CancellationToken cancellationToken)
    {
        var known = await outside.KnownAsync(Prefix, cancellationToken);
        var now = keys.ToDictionary(key => Prefix + key.Id, StringComparer.Ordinal);
        OutsideEvent[] changed =
        [
            .. now.Where(key => known.GetValueOrDefault(key.Key) != StateOf(key.Value))
                .Select(key => Changed(key.Key, key.Value, isNew: !known.ContainsKey(key.Key))),
            .. known.Where(key => key.Value != Gone && !now.ContainsKey(key.Key)).Select(key => Removed(key.Key)),
        ];
        await outside.RecordAsync(changed, cancellationToken);
    }

    private static OutsideEvent Changed(string what, StoredKey key, bool isNew)
    {
        var action =
            key.RevokedAt is not null ? AuditActions.KeyRevoke
            : isNew ? AuditActions.KeyCreate
            : AuditActions.KeyChange;
        var account = action == AuditActions.KeyRevoke ? key.RevokedBy ?? key.CreatedBy : key.CreatedBy;
        return new(what, StateOf(key), AuditEntry.OfAccount(account, action, $"{what} {key.Name}", StateOf(key)));
    }

    private static OutsideEvent Removed(string what) =>
        new(what, Gone, AuditEntry.OfAccount("unknown", AuditActions.KeyRemove, what, Gone));

    private static string StateOf(StoredKey key) =>
        $"{string.Join(',', key.Roles)} until {(key.ExpiresAt is { } end ? JournalStore.Stamp(end) : "revoked")}"
        + (key.RevokedAt is { } at ? $", revoked {JournalStore.Stamp(at)}" : "");
}
