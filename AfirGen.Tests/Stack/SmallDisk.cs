namespace AfirGen.Tests.Stack;

/// <summary>A small tmpfs that a test can fill up. Needs root; unmounted whatever happens to the test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _mountPoint = new();

    public SmallDisk(int mebibytes)
    {
        Command.Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "afirgen-test", _mountPoint.Path);
    }

    /// <summary>Skips the test where no disk can be mounted; in CI that is a failure.</summary>
    public static void RequireMounting() =>
        Assert.SkipUnless(
            (Environment.IsPrivilegedProcess && OperatingSystem.IsLinux()) || Environment.GetEnvironmentVariable("CI") is not null,
            "mounting a small disk needs root on Linux"
        );

    public string Path => _mountPoint.Path;

    private Ballast Ballast => new(System.IO.Path.Combine(Path, "ballast"));

    /// <inheritdoc cref="Ballast.Fill"/>
    public void Fill() => Ballast.Fill();

    public void Free() => Ballast.Free();

    public void Dispose()
    {
        Command.Run("umount", "--lazy", _mountPoint.Path); // lazy: also when a failed test left a process in it
        _mountPoint.Dispose();
    }
}
