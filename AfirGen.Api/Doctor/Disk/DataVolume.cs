using AfirGen.Api.Doctor.Machine;

namespace AfirGen.Api.Doctor.Disk;

/// <summary>
/// The data folder is there, whole, and on a local file system that keeps what was synced: on a network file system SQLite's log does not work, a
/// tmpfs or a container's own layer is gone with it.
/// </summary>
internal sealed class DataVolume(Deployment deployment, Surroundings surroundings, Mending mending) : ICheck
{
    public string Name => "volume";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = deployment.Folder;
        if (!Directory.Exists(folder.Path))
        {
            return Only(
                Finding.Wrong(
                    $"there is no data folder {folder.Path}",
                    mending.Set("AfirGen__DataFolder", "FOLDER") + "; the first start creates it"
                )
            );
        }

        if (File.Exists(folder.RestoringFile))
        {
            return Only(
                folder.RestoresRegistryAlone
                    ? Finding.Wrong(
                        $"a restore of the registry alone was not finished: the journal in {folder.Path} is whole, the registry may not be",
                        mending.AfirgenAlone("restore --finish")
                            + "   # when the binary log has been replayed; before that: restore BACKUP --registry-only (docs/backup.md)"
                    )
                    : Finding.Wrong(
                        $"a restore into {folder.Path} was not finished: what is there is not whole",
                        mending.AfirgenAlone("restore BACKUP") + "   # the same, with the same --last-serial or --skip-serials"
                    )
            );
        }

        return Only(Judge(folder.Path, surroundings.FileSystemOf(folder.Path)));
    }

    private Finding Judge(string path, MountedFileSystem found)
    {
        if (found.IsRemote)
        {
            return Finding.Wrong($"{path} is on {found.Name}, a network file system: SQLite's log does not work there", Move(path));
        }

        if (found.IsVolatile)
        {
            return Finding.Wrong(
                $"{path} is on {found.Name}: what was acknowledged is gone with the machine's power or the container",
                Move(path)
            );
        }

        if (found.ReadOnly)
        {
            return Finding.Wrong(
                $"{path} is on {found.Name}, mounted read-only: by somebody, or by the kernel after an error of the disk (dmesg)",
                $"mount -o remount,rw $(findmnt -no TARGET --target {mending.OnMachine(path)})"
            );
        }

        return found.IsKnown
            ? Finding.Right($"{path} is on {found.Name}")
            : Finding.Unknown($"{path} is on a file system of {found.Name}, which is not known to keep what was synced", Move(path));
    }

    private string Move(string path) =>
        mending.InContainer
            ? "docker-compose.yaml: the volume fir-data on /app/data, on a local disk of the machine; then docker-compose up -d"
            : $"cp -a {Mending.Quote(path)} /LOCAL/DISK/afirgen && export AfirGen__DataFolder=/LOCAL/DISK/afirgen   # while the service is stopped";

    private static Task<IReadOnlyList<Finding>> Only(Finding finding) => Task.FromResult<IReadOnlyList<Finding>>([finding]);
}
