using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AfirGen.Bench.Baselines;

/// <summary>
/// The least that a durable write can be: write the bytes, sync them, next. Over a file that is long enough, as the logs of the service are:
/// to store a longer one takes another sync.
/// </summary>
internal static partial class OverwriteLoop
{
    private const int Blocks = 256;

    /// <returns>Synced writes a second.</returns>
    public static double Run(string file, int bytes, TimeSpan duration)
    {
        var block = new byte[bytes];
        Random.Shared.NextBytes(block);
        using var handle = File.OpenHandle(file, FileMode.Create, FileAccess.Write);
        for (var at = 0; at < Blocks; at++)
        {
            RandomAccess.Write(handle, block, (long)at * bytes);
        }

        RandomAccess.FlushToDisk(handle);
        var clock = Stopwatch.StartNew();
        long count = 0;
        for (; clock.Elapsed < duration; count++)
        {
            RandomAccess.Write(handle, block, count % Blocks * bytes);
            if (DataSync(handle) != 0)
            {
                throw new IOException($"fdatasync: error {Marshal.GetLastPInvokeError()}");
            }
        }

        return count / clock.Elapsed.TotalSeconds;
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int DataSync(SafeFileHandle file);
}
