using System.Runtime.InteropServices;

namespace AfirGen.Api.Doctor.Machine;

/// <summary>To whom a file belongs and who else may touch it.</summary>
internal sealed record FileOwner(uint User, uint Group, UnixFileMode Mode)
{
    private const UnixFileMode OfOthers =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    /// <summary>Nobody but the owner.</summary>
    public bool IsPrivate => (Mode & OfOthers) == 0;

    /// <summary>As chmod takes it: 0640.</summary>
    public string Octal => "0" + Convert.ToString((int)Mode, 8).PadLeft(3, '0');

    /// <inheritdoc cref="FileOwners.Of"/>
    public static FileOwner Of(string path) => FileOwners.Of(path);

    /// <summary>It belongs to the account that this process runs as, which has all the rights to it that the account has.</summary>
    public bool IsOwn => User == FileOwners.EffectiveUser();
}

/// <summary>statx(2), whose result looks the same on every processor.</summary>
internal static partial class FileOwners
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint BasicStats = 0x7ff;
    private const int StructBytes = 256;
    private const int UserAt = 20;
    private const int GroupAt = 24;
    private const int ModeAt = 28;

    /// <exception cref="IOException">It is not there, or may not be looked at.</exception>
    /// <exception cref="PlatformNotSupportedException">Not Linux.</exception>
    public static FileOwner Of(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("owners and modes are looked at on Linux only");
        }

        Span<byte> found = stackalloc byte[StructBytes];
        found.Clear();
        if (StatX(CurrentFolder, path, 0, BasicStats, ref found[0]) != 0)
        {
            throw new IOException($"{path}: statx failed with error {Marshal.GetLastPInvokeError()}");
        }

        return new(
            BitConverter.ToUInt32(found[UserAt..]),
            BitConverter.ToUInt32(found[GroupAt..]),
            (UnixFileMode)(BitConverter.ToUInt16(found[ModeAt..]) & 0xFFF)
        );
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX(int folder, string path, int flags, uint mask, ref byte found);
}
