using System.Runtime.InteropServices;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>
/// An ext4 in a file, whose power can be cut: from that instant on every write fails, and what was not synced is gone once it is
/// mounted again. Needs root on Linux.
/// </summary>
internal sealed partial class PowerDisk : IDisposable
{
    private const nuint Shutdown = 0x8004587d; // EXT4_IOC_SHUTDOWN
    private const uint WithoutFlushingTheLog = 2; // EXT4_GOING_FLAGS_NOLOGFLUSH
    private const int Busy = 32; // what umount exits with
    private readonly string _folder;
    private readonly Ballast _ballast;
    private readonly FileStream _owner;
    private bool _mounted;

    public PowerDisk(int mebibytes)
    {
        // In memory: whether a write reaches the platter is decided by the ext4 above it, and its loop device need not wait for a real one.
        var parent = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        _folder = Directory.CreateDirectory(Path.Combine(parent, $"afirgen-torture-{Guid.NewGuid():N}"[..30])).FullName;
        // Locked before it has its name: eng/torture-sweep.sh takes a disk whose owner is not locked for abandoned.
        _owner = new(Path.Combine(_folder, "owner.new"), FileMode.CreateNew, FileAccess.Write, FileShare.None);
        File.Move(_owner.Name, Path.Combine(_folder, "owner"));
        Directory.CreateDirectory(Root);
        using (var image = File.Create(Image))
        {
            image.SetLength(mebibytes * 1024L * 1024L);
        }

        Command.Run("mkfs.ext4", "-q", "-F", "-m", "0", "-J", "size=8", Image);
        Mount();
        _ballast = new(Path.Combine(Root, "ballast"));
    }

    /// <summary>What eng/torture-sweep.sh knows it by.</summary>
    public string Name => _folder;

    /// <summary>Where it is mounted.</summary>
    public string Root => Path.Combine(_folder, "disk");

    private string Image => Path.Combine(_folder, "image");

    public void Cut()
    {
        var flags = WithoutFlushingTheLog;
        var descriptor = Open(Root, 0);
        Assert.True(descriptor >= 0, $"open {Root}: error {Marshal.GetLastPInvokeError()}");
        var result = Ioctl(descriptor, Shutdown, ref flags);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        Assert.True(result == 0, $"EXT4_IOC_SHUTDOWN: error {error}");
    }

    /// <summary>As the machine does when the power is back: mounts it, and ext4 recovers from its log. Nobody may have a file open.</summary>
    public async Task RestoreAsync()
    {
        await Eventually.TrueAsync(
            () =>
            {
                var (exitCode, _, error) = Command.Try("umount", Root);
                Assert.True(exitCode is 0 or Busy, $"umount: {error}");
                return exitCode == 0;
            },
            "the disk is released by the dead"
        );
        if (IsHeld())
        {
            // A namespace of somebody else's, a new container's for example, has a copy of the mount, and a second mount would be of the
            // same dead file system. Nothing more is written to the old image, so its copy is the disk.
            Command.Run("cp", "--sparse=always", Image, Image + ".new");
            File.Move(Image + ".new", Image, overwrite: true);
        }

        Mount();
        Free(); // freed shortly before the cut, the disk is full again after it, and nobody would free it a second time
        File.WriteAllText(Path.Combine(Root, "alive"), ""); // the same dead file system would say so
    }

    /// <inheritdoc cref="Ballast.Fill"/>
    public void Fill() => _ballast.Fill();

    public void Free() => _ballast.Free();

    public void Dispose()
    {
        if (_mounted)
        {
            Command.Try("umount", "--lazy", Root); // lazy: also when a failed run left a process in it
        }

        Directory.Delete(_folder, recursive: true);
        _owner.Dispose();
    }

    private bool IsHeld() => Command.Run("losetup", "--associated", Image).Length > 0;

    private void Mount()
    {
        Command.Run("mount", "-o", "loop", Image, Root);
        _mounted = true;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Ioctl(int descriptor, nuint request, ref uint argument);
}
