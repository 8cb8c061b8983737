using System.Text.Json;
using AfirGen.Api.Audit;
using AfirGen.Api.Durability;

namespace AfirGen.Api.Backup;

/// <summary>Records restores, of everything and of the registry alone, at the first start after them: no command writes to the journal.</summary>
internal sealed class RestoreAudit(DataFolder folder, OutsideEvents outside)
{
    public async Task RecordAsync(CancellationToken cancellationToken)
    {
        await RecordAsync("restore", RestoreReport.FileName, "restored", cancellationToken);
        await RecordAsync("restore of the registry", RestoreReport.RegistryFileName, "registry restored", cancellationToken);
    }

    private async Task RecordAsync(string what, string fileName, string outcome, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder.Path, fileName);
        if (!File.Exists(file))
        {
            return;
        }

        var report = JsonSerializer.Deserialize<RestoreReport>(await File.ReadAllBytesAsync(file, cancellationToken), BackupJson.Options)!;
        var state = $"{report.Backup} at {report.RestoredAt:u}";
        var known = await outside.KnownAsync(what, cancellationToken);
        if (known.GetValueOrDefault(what) != state)
        {
            var entry = AuditEntry.OfAccount(report.RestoredBy, AuditActions.Restore, report.Backup, $"{outcome} {report.RestoredAt:u}");
            await outside.RecordAsync([new(what, state, entry)], cancellationToken);
        }
    }
}
