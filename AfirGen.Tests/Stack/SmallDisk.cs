using System.Diagnostics;

namespace AfirGen.Tests.Stack;

/// <summary>A small tmpfs that a test can fill up. Needs root; unmounted whatever happens to the test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Chunk = 4096;
    private readonly TemporaryFolder _mountPoint = new();

    public SmallDisk(int mebibytes)
    {
        Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "afirgen-test", _mountPoint.Path);
    }

    public static bool CanMount => Environment.IsPrivilegedProcess && OperatingSystem.IsLinux();

    public string Path => _mountPoint.Path;

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Takes all the space that is left.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                ballast.Write(new byte[Chunk]);
            }
        }
        catch (IOException)
        {
            // full
        }
    }

    public void Free() => File.Delete(Ballast);

    public void Dispose()
    {
        Run("umount", "--lazy", _mountPoint.Path); // lazy: also when a failed test left a process in it
        _mountPoint.Dispose();
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {error}");
    }
}
