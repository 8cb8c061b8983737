using AfirGen.Api.Doctor.Machine;

namespace AfirGen.Api.Doctor.Disk;

/// <summary>All that is in the data folder belongs to whom the folder belongs to: what root has left there the service cannot open.</summary>
internal sealed class FolderOwner(Deployment deployment, Mending mending) : ICheck
{
    private const int NamedAtMost = 5;

    public string Name => "owner";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>([Look()]);

    private Finding Look()
    {
        var folder = deployment.Folder.Path;
        if (!Directory.Exists(folder))
        {
            return Finding.NotLookedAt($"there is no {folder}");
        }

        var owner = FileOwner.Of(folder);
        var foreign = PrivateFiles.In(folder).Where(file => file.Owner.User != owner.User).Select(file => file.Path).ToList();
        return foreign.Count == 0
            ? Finding.Right($"all of {folder} belongs to account {owner.User}")
            : Finding.Wrong(
                $"{foreign.Count} in {folder} do not belong to account {owner.User}, as the folder does: {string.Join(", ", foreign.Take(NamedAtMost))}",
                mending.OnFilesAsRoot($"chown -R {owner.User}:{owner.Group} {Mending.Quote(folder)}")
            );
    }
}
