using AfirGen.Api.Backup;
using AfirGen.Api.Doctor.Disk;

namespace AfirGen.Api.Doctor.Backups;

/// <summary>The key that backups are sealed with is there, is one, and is for the service's account alone.</summary>
internal sealed class BackupKeyFile(Deployment deployment, Mending mending) : ICheck
{
    public string Name => "backup key";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>([Look()]);

    private Finding Look()
    {
        if (!deployment.Backup.IsConfigured)
        {
            return Finding.NotLookedAt("no backups are configured");
        }

        if (deployment.Backup.KeyFile is not { Length: > 0 } file)
        {
            return Finding.Wrong("none is configured", mending.Set("AfirGen__Backup__KeyFile", "FILE"));
        }

        if (!File.Exists(file))
        {
            return Finding.Wrong(
                $"there is no {file}",
                mending.PutBackBackupKey(file) + $"   # a new one, {mending.NewBackupKey(file)}, opens none of the old backups"
            );
        }

        if (SecretFile.Problem(file, "open the backups", deployment, command => mending.OnBackupKey(command, file)) is { } problem)
        {
            return problem;
        }

        try
        {
            BackupKey.Read(file);
            return Finding.Right($"{file}, for its owner only");
        }
        catch (BackupException e)
        {
            return Finding.Wrong(e.Message, mending.PutBackBackupKey(file));
        }
    }
}
