using AfirGen.Api.Doctor.Machine;

namespace AfirGen.Api.Doctor.Disk;

/// <summary>Complaints are personal data: nobody but the service's account may enter the folder.</summary>
internal sealed class FolderPrivacy(Deployment deployment, Mending mending) : ICheck
{
    public string Name => "permissions";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Look(deployment.Folder.Path)]);

    private Finding Look(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return Finding.NotLookedAt($"there is no {folder}");
        }

        var found = FileOwner.Of(folder);
        return found.IsPrivate
            ? Finding.Right($"{folder} has mode {found.Octal}")
            : Finding.Wrong(
                $"{folder} has mode {found.Octal}: others may enter, where complaints lie in clear text",
                mending.OnFiles($"chmod 700 {Mending.Quote(folder)}")
            );
    }
}
