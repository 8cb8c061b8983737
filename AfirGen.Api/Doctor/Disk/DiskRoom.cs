using AfirGen.Api.Doctor.Stores;

namespace AfirGen.Api.Doctor.Disk;

/// <summary>Room for a copy of the largest store and twice the reserve, as the alert AfirGenDiskHeadroom wants it; below the reserve writes are refused.</summary>
internal sealed class DiskRoom(Deployment deployment, Mending mending) : ICheck
{
    private const long Mebibyte = 1024 * 1024;

    public string Name => "disk";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = deployment.Folder.Path;
        if (!Directory.Exists(folder))
        {
            return Task.FromResult<IReadOnlyList<Finding>>([Finding.NotLookedAt($"there is no {folder}")]);
        }

        var free = new DriveInfo(folder).AvailableFreeSpace;
        var reserve = deployment.Journal.MinFreeMebibytes * Mebibyte;
        var largest = StoreFile
            .Of(deployment)
            .Where(store => store.Exists)
            .Select(store => new FileInfo(store.Path).Length)
            .Append(0)
            .Max();
        var wanted = 2 * Math.Max(reserve, largest);
        return Task.FromResult<IReadOnlyList<Finding>>([Judge(folder, free, reserve, wanted)]);
    }

    private Finding Judge(string folder, long free, long reserve, long wanted)
    {
        if (free >= wanted)
        {
            return Finding.Right($"{Bytes.Of(free)} free at {folder}, at least {Bytes.Of(wanted)}");
        }

        var effect = free < reserve ? "writes are refused" : $"writes are refused below {Bytes.Of(reserve)}";
        return Finding.Wrong(
            $"{Bytes.Of(free)} free at {folder}, less than {Bytes.Of(wanted)}: {effect}",
            mending.OnFiles($"du -xhd1 {Mending.Quote(folder)}")
                + $"   # then free {Bytes.Of(wanted - free)} or enlarge the disk; writes go on by themselves"
        );
    }
}
