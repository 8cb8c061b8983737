using System.Runtime.InteropServices;

namespace AfirGen.Api.Doctor.Machine;

internal enum ClockState
{
    Synchronised,
    NotSynchronised,
    NotKnown,
}

/// <summary>adjtimex(2): whether something disciplines the kernel's clock. Containers see that of their machine.</summary>
internal static partial class KernelClock
{
    private const int StructBytes = 512; // 208 are used; zeros ask and change nothing
    private const int TimeError = 5;

    public static ClockState Read()
    {
        if (!OperatingSystem.IsLinux())
        {
            return ClockState.NotKnown;
        }

        Span<byte> ask = stackalloc byte[StructBytes];
        ask.Clear();
        return AdjTimeX(ref ask[0]) switch
        {
            < 0 => ClockState.NotKnown,
            TimeError => ClockState.NotSynchronised,
            _ => ClockState.Synchronised,
        };
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int AdjTimeX(ref byte ask);
}
