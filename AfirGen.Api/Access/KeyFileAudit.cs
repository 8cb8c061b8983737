using AfirGen.Api.Audit;
using AfirGen.Api.Journal;

namespace AfirGen.Api.Access;

/// <summary>Records what became of the stored keys: by a command, by hand, or by an old copy of the file.</summary>
internal sealed class KeyFileAudit(OutsideEvents outside)
{
    private const string Prefix = "key ";
    private const string Gone = "gone";
    private const string Unknown = "unknown";

    public async Task RecordAsync(IReadOnlyList<StoredKey> keys, CancellationToken cancellationToken)
    {
        var known = await outside.KnownAsync(Prefix, cancellationToken);
        var now = keys.ToDictionary(key => Prefix + key.Id, StringComparer.Ordinal);
        OutsideEvent[] changed =
        [
            .. now.Where(key => known.GetValueOrDefault(key.Key) != StateOf(key.Value))
                .Select(key => Changed(key.Key, key.Value, known.GetValueOrDefault(key.Key))),
            .. known.Where(key => key.Value != Gone && !now.ContainsKey(key.Key)).Select(key => Removed(key.Key)),
        ];
        await outside.RecordAsync(changed, cancellationToken);
    }

    /// <param name="before">Null when it was not there.</param>
    private static OutsideEvent Changed(string what, StoredKey key, string? before)
    {
        // A command creates a key, or revokes it and changes nothing else. The rest was done to the file itself, and the names in it are not of
        // whoever did that. The same two things done by hand cannot be told from a command's: their account is what the file says.
        var (action, account) =
            key.RevokedAt is not null && (before is null || before == StateOf(key with { RevokedAt = null }))
                ? (AuditActions.KeyRevoke, key.RevokedBy ?? Unknown)
            : before is null ? (AuditActions.KeyCreate, key.CreatedBy)
            : (AuditActions.KeyChange, Unknown);
        return new(what, StateOf(key), AuditEntry.OfAccount(account, action, $"{what} {key.Name}", StateOf(key)));
    }

    private static OutsideEvent Removed(string what) => new(what, Gone, AuditEntry.OfAccount(Unknown, AuditActions.KeyRemove, what, Gone));

    private static string StateOf(StoredKey key) =>
        $"{key.Name}: {string.Join(',', key.Roles)} until {(key.ExpiresAt is { } end ? JournalStore.Stamp(end) : "revoked")}"
        + (key.RevokedAt is { } at ? $", revoked {JournalStore.Stamp(at)}" : "");
}
