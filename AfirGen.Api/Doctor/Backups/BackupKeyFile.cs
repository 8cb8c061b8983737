using AfirGen.Api.Backup;
using AfirGen.Api.Doctor.Machine;

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

        var name = Mending.Quote(file);
        if (!File.Exists(file))
        {
            return Finding.Wrong(
                $"there is no {file}",
                $"cp THE/COPY/IN/A/SAFE/PLACE {name}   # a new one, openssl rand -hex {BackupKey.KeyBytes} > {name}, opens none of the old backups"
            );
        }

        var owner = FileOwner.Of(file);
        if (!owner.IsPrivate)
        {
            return Finding.Wrong($"{file} has mode {owner.Octal}: others may open the backups", mending.OnFiles($"chmod 600 {name}"));
        }

        if (Directory.Exists(deployment.Folder.Path) && FileOwner.Of(deployment.Folder.Path) is var service && service.User != owner.User)
        {
            return Finding.Wrong(
                $"{file} belongs to account {owner.User}, the service's is {service.User}",
                mending.OnFilesAsRoot($"chown {service.User}:{service.Group} {name}")
            );
        }

        try
        {
            BackupKey.Read(file);
            return Finding.Right($"{file}, for its owner only");
        }
        catch (BackupException e)
        {
            return Finding.Wrong(e.Message, $"cp THE/COPY/IN/A/SAFE/PLACE {name}");
        }
    }
}
