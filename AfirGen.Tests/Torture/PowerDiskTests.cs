using System.Diagnostics;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>The power cut itself: what was synced is there afterwards, what was not is gone.</summary>
public sealed class PowerDiskTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_not_synced_is_gone(bool heldByAnotherNamespace)
    {
        SmallDisk.RequireMounting();
        using var disk = new PowerDisk(32);
        Write(disk, "synced", sync: true);
        Command.Run("sync", "--file-system", disk.Root); // its name too
        using var holder = heldByAnotherNamespace ? Process.Start("unshare", ["--mount", "sleep", "60"]) : null;
        await Eventually.TrueAsync(() => holder is null || Holds(holder), "the other namespace is there");
        Write(disk, "not-synced", sync: false);

        disk.Cut();
        Assert.Throws<IOException>(() => Write(disk, "afterwards", sync: false));
        await disk.RestoreAsync();

        Assert.Equal("synced", File.ReadAllText(Path.Combine(disk.Root, "synced")));
        Assert.False(File.Exists(Path.Combine(disk.Root, "not-synced")));
        Write(disk, "again", sync: true);
        holder?.Kill();
    }

    [Fact]
    public async Task A_disk_that_was_freed_right_before_the_cut_has_space_after_it()
    {
        SmallDisk.RequireMounting();
        using var disk = new PowerDisk(32);
        disk.Fill();
        Command.Run("sync", "--file-system", disk.Root);
        disk.Free(); // not synced: after the cut it never happened

        disk.Cut();
        await disk.RestoreAsync();

        Assert.InRange(new DriveInfo(disk.Root).AvailableFreeSpace, 8 * 1024 * 1024, long.MaxValue);
    }

    private static bool Holds(Process holder) =>
        File.ResolveLinkTarget($"/proc/{holder.Id}/ns/mnt", returnFinalTarget: false)?.Name
        != File.ResolveLinkTarget("/proc/self/ns/mnt", returnFinalTarget: false)?.Name;

    private static void Write(PowerDisk disk, string name, bool sync)
    {
        using var file = File.Create(Path.Combine(disk.Root, name));
        file.Write(System.Text.Encoding.UTF8.GetBytes(name));
        file.Flush(flushToDisk: sync);
    }
}
