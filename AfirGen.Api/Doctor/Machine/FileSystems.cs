using System.Runtime.InteropServices;

namespace AfirGen.Api.Doctor.Machine;

/// <param name="Type">What the kernel calls its type, a number of statfs(2).</param>
/// <param name="ReadOnly">Mounted so, by somebody or by the kernel after an error.</param>
internal sealed record MountedFileSystem(long Type, bool ReadOnly)
{
    private const long Fuse = 0x65735546;

    /// <summary>SQLite's log needs memory that all its processes share, and locks that hold: no network file system has both.</summary>
    private static readonly Dictionary<long, string> Remote = new()
    {
        [0x6969] = "nfs",
        [0x517B] = "smb",
        [0xFE534D42] = "smb2",
        [0xFF534D42] = "cifs",
        [0x01021997] = "9p",
        [0x00C36400] = "ceph",
        [0x5346414F] = "afs",
        [0x6B414653] = "afs",
        [0x73757245] = "coda",
        [0x0BD00BD0] = "lustre",
        [0x786F4256] = "vboxsf",
        [Fuse] = "fuse (sshfs, glusterfs, a shared folder of a virtual machine)",
    };

    /// <summary>Gone with the machine's power, or with the container.</summary>
    private static readonly Dictionary<long, string> Volatile = new()
    {
        [0x01021994] = "tmpfs",
        [0x858458F6] = "ramfs",
        [0x794C7630] = "overlay",
        [0x61756673] = "aufs",
    };

    private static readonly Dictionary<long, string> Local = new()
    {
        [0xEF53] = "ext4",
        [0x58465342] = "xfs",
        [0x9123683E] = "btrfs",
        [0x2FC12FC1] = "zfs",
        [0xF2F52010] = "f2fs",
        [0xCA451A4E] = "bcachefs",
    };

    public bool IsRemote => Remote.ContainsKey(Type);

    public bool IsVolatile => Volatile.ContainsKey(Type);

    /// <summary>One that is known to keep what was synced.</summary>
    public bool IsKnown => Local.ContainsKey(Type);

    public string Name =>
        Remote.GetValueOrDefault(Type) ?? Volatile.GetValueOrDefault(Type) ?? Local.GetValueOrDefault(Type) ?? $"type 0x{Type:x}";
}

/// <summary>statfs(2) of 64-bit Linux.</summary>
internal static partial class FileSystems
{
    private const int StructBytes = 256; // 120 are written
    private const int FlagsAt = 80;
    private const long ReadOnlyFlag = 1;

    /// <exception cref="IOException">The kernel does not say.</exception>
    /// <exception cref="PlatformNotSupportedException">No 64-bit Linux.</exception>
    public static MountedFileSystem Of(string path)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            throw new PlatformNotSupportedException("only 64-bit Linux says what a file system is");
        }

        Span<byte> found = stackalloc byte[StructBytes];
        found.Clear();
        if (StatFs(path, ref found[0]) != 0)
        {
            throw new IOException($"{path}: statfs failed with error {Marshal.GetLastPInvokeError()}");
        }

        // Some types are sign-extended on their way here.
        var type = BitConverter.ToInt64(found) & 0xFFFFFFFF;
        return new(type, (BitConverter.ToInt64(found[FlagsAt..]) & ReadOnlyFlag) != 0);
    }

    [LibraryImport("libc", EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatFs(string path, ref byte found);
}
