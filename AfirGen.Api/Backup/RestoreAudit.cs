using System.Text.Json;
using AfirGen.Api.Audit;
using AfirGen.Api.Durability;

namespace AfirGen.Api.Backup;

/// <summary>Records a restore at the first start after it: before that there was no journal to record it in.</summary>
internal sealed class RestoreAudit(DataFolder folder, OutsideEvents outside)
{
    private const string What = "restore";

    public async Task RecordAsync(CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder.Path, RestoreReport.FileName);
        if (!File.Exists(file))
        {
            return;
        }

        var report = JsonSerializer.Deserialize<RestoreReport>(await File.ReadAllBytesAsync(file, cancellationToken), BackupJson.Options)!;
        var state = $"{report.Backup} at {report.RestoredAt:u}";
        var known = await outside.KnownAsync(What, cancellationToken);
        if (known.GetValueOrDefault(What) != state)
        {
            var entry = AuditEntry.OfAccount(report.RestoredBy, AuditActions.Restore, report.Backup, $"restored {report.RestoredAt:u}");
            await outside.RecordAsync([new(What, state, entry)], cancellationToken);
        }
    }
}
