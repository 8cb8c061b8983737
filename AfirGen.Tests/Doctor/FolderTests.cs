using AfirGen.Api.Doctor;
using AfirGen.Api.Doctor.Machine;
using AfirGen.Api.Durability;
using AfirGen.Tests.Stack;
using AfirGen.Tests.Torture;

namespace AfirGen.Tests.Doctor;

/// <summary>The data folder: where it lies, how full its disk is, and who may do what in it. What is broken is really broken, and then mended as the line says.</summary>
public sealed class FolderTests(HealthyDeployment healthy) : IClassFixture<HealthyDeployment>
{
    private const int Nobody = 65534;
    private const long Nfs = 0x6969;
    private const long Cifs = 0xFF534D42;
    private const long Fuse = 0x65735546;
    private const long NineP = 0x01021997;
    private const long Unheard = 0x12345678;
    private static readonly string[] Keys = ["finalisation.key", "ledger.key", "sign-in-keys/key.xml"];

    [Theory]
    [InlineData("", "755", "700", "permissions", "others may enter")]
    [InlineData("finalisation.key", "644", "600", "keys", "others may use the key")]
    [InlineData("ledger.key", "640", "600", "keys", "others may use the key")]
    [InlineData("sign-in-keys", "755", "700", "keys", "others may use the key")]
    [InlineData("sign-in-keys/key.xml", "604", "600", "keys", "others may use the key")]
    public async Task A_folder_or_a_key_that_others_may_read_is_found_and_closed_again(
        string name,
        string mode,
        string closed,
        string check,
        string text
    )
    {
        var path = Path.Combine(healthy.Stack.DataFolder, name).TrimEnd('/');
        PutKeys();
        Command.Run("chmod", mode, path);

        var line = (await LookAsync()).RequireOnly(check, text, $"chmod {closed} {path}");
        line.Mend();
        (await LookAsync()).RequireAllWell();
    }

    [Fact]
    public async Task A_file_that_root_has_left_is_found_and_given_back()
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess || Environment.GetEnvironmentVariable("CI") is not null,
            "giving a file away needs root"
        );
        var left = Path.Combine(healthy.Stack.DataFolder, "left");
        await File.WriteAllTextAsync(left, "", TestContext.Current.CancellationToken);
        Command.Run("chown", $"{Nobody}", left);

        var line = (await LookAsync()).RequireOnly("owner", left, $"chown -R {FileOwner.Of(healthy.Stack.DataFolder).User}:");
        line.Mend();
        (await LookAsync()).RequireAllWell();
        File.Delete(left);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_found()
    {
        using var folder = new TemporaryFolder();
        var settings = DoctorBench.SettingsOf(healthy.Stack, ("AfirGen:DataFolder", folder.File("none")));

        (await DoctorBench.LookAsync(settings)).RequireOnly("volume", "there is no data folder", "AfirGen__DataFolder");
    }

    [Fact]
    public async Task A_restore_of_both_stores_that_was_cut_is_found()
    {
        using var folder = new TemporaryFolder();
        DataFolder.CreatePrivateFolder(folder.File("data"));
        await File.WriteAllTextAsync(Path.Combine(folder.File("data"), "restoring"), "", TestContext.Current.CancellationToken);

        (await LookAsync(folder.File("data"))).RequireWrong("volume", "is not whole", "AfirGen.Api.dll restore BACKUP");
        // In containers the service is stopped first: it would hold the folder, or restart for ever.
        (await LookAsync(folder.File("data"), DoctorBench.InContainer)).RequireWrong(
            "volume",
            "is not whole",
            "docker-compose stop fir_pipeline && docker-compose run --rm --no-deps fir_pipeline restore BACKUP"
        );
    }

    /// <summary>As <c>restore --registry-only</c> leaves it, which RegistryRestoreTests run.</summary>
    [Fact]
    public async Task G1_a_restore_of_the_registry_alone_that_was_cut_is_never_mended_by_one_of_both_stores()
    {
        var marker = Path.Combine(healthy.Stack.DataFolder, "restoring");
        DataFolder.CreatePrivateFile(marker, """{ "backup": "afirgen-20261126T060000000Z", "taken_at": "2026-11-26T06:00:00+00:00" }"""u8);
        try
        {
            var line = (await LookAsync()).RequireOnly("volume", "is whole, the registry may not be", "AfirGen.Api.dll restore --finish");
            Assert.DoesNotContain(
                "restore BACKUP",
                line.Mend!.Replace("restore BACKUP --registry-only", "", StringComparison.Ordinal),
                StringComparison.Ordinal
            );
        }
        finally
        {
            File.Delete(marker);
        }
    }

    [Fact]
    public async Task A_folder_on_a_tmpfs_is_found()
    {
        SmallDisk.RequireMounting();
        using var disk = new SmallDisk(16);
        Command.Run("chmod", "700", disk.Path);

        (await LookAsync(disk.Path)).RequireWrong("volume", "is on tmpfs", "cp -a");
    }

    [Theory]
    [InlineData(Nfs, "nfs")]
    [InlineData(Cifs, "cifs")]
    [InlineData(Fuse, "sshfs")]
    [InlineData(NineP, "9p")]
    public async Task A_network_file_system_which_no_test_can_have_is_found_when_statfs_is_made_to_name_it(long type, string name)
    {
        var diagnosis = await DoctorBench.LookAsync(
            Settings(),
            DoctorBench.Machine with
            {
                FileSystemOf = _ => new(type, ReadOnly: false),
            }
        );

        diagnosis.RequireOnly("volume", name, "AfirGen__DataFolder=");
        diagnosis.RequireWrong("volume", "SQLite's log does not work there", "cp -a");
    }

    [Fact]
    public async Task A_file_system_that_nobody_knows_is_unknown_when_statfs_is_made_to_name_it()
    {
        var diagnosis = await DoctorBench.LookAsync(
            Settings(),
            DoctorBench.Machine with
            {
                FileSystemOf = _ => new(Unheard, ReadOnly: false),
            }
        );

        diagnosis.Require("volume", Level.Unknown, "type 0x12345678");
        Assert.Equal(2, diagnosis.ExitCode);
    }

    [Fact]
    public async Task A_disk_that_is_read_only_and_one_that_is_full_are_found_and_mended()
    {
        SmallDisk.RequireMounting();
        using var disk = new PowerDisk(256);
        Command.Run("chmod", "700", disk.Root);
        (await LookAsync(disk.Root)).Require("volume", Level.Right, "ext4");
        (await LookAsync(disk.Root)).Require("disk", Level.Right, "at least 128 MiB");

        disk.Fill();
        (await LookAsync(disk.Root)).RequireWrong("disk", "writes are refused", $"du -xhd1 {disk.Root}");
        disk.Free();
        (await LookAsync(disk.Root)).Require("disk", Level.Right, "free");

        Command.Run("mount", "-o", "remount,ro", disk.Root);
        (await LookAsync(disk.Root)).RequireWrong("volume", "mounted read-only", "mount -o remount,rw").Mend();
        (await LookAsync(disk.Root)).Require("volume", Level.Right, "ext4");

        // In a container it is a folder of the machine that is found by Docker, for which there is a stand-in.
        Command.Run("mount", "-o", "remount,ro", disk.Root);
        (await LookAsync(disk.Root, DoctorBench.InContainer))
            .RequireWrong("volume", "mounted read-only", "docker-compose ps -aq fir_pipeline")
            .MendWithStandIn($"echo {disk.Root}");
        (await LookAsync(disk.Root)).Require("volume", Level.Right, "ext4");
    }

    [Fact]
    public void Types_of_file_systems_are_those_that_stat_prints()
    {
        foreach (var path in (string[])["/", Path.GetTempPath(), "/dev/shm", "/proc"])
        {
            Assert.Equal(Command.Run("stat", "-f", "-c", "%t", path).Trim(), $"{FileSystems.Of(path).Type:x}");
        }

        Assert.Equal(
            Command.Run("stat", "-c", "%u %g", "/etc/passwd").Trim(),
            $"{FileOwner.Of("/etc/passwd").User} {FileOwner.Of("/etc/passwd").Group}"
        );
    }

    private Dictionary<string, string> Settings() => DoctorBench.SettingsOf(healthy.Stack);

    private Task<Diagnosis> LookAsync() => DoctorBench.LookAsync(Settings());

    private static Task<Diagnosis> LookAsync(string folder, Surroundings? surroundings = null) =>
        DoctorBench.LookAsync(new Dictionary<string, string> { ["AfirGen:DataFolder"] = folder }, surroundings);

    /// <summary>Those that the service creates only when it first needs them.</summary>
    private void PutKeys()
    {
        var folder = healthy.Stack.DataFolder;
        if (!Directory.Exists(Path.Combine(folder, "sign-in-keys")))
        {
            DataFolder.CreatePrivateFolder(Path.Combine(folder, "sign-in-keys"));
        }

        foreach (var file in Keys.Select(key => Path.Combine(folder, key)).Where(file => !File.Exists(file)))
        {
            DataFolder.CreatePrivateFile(file, "a key"u8);
        }
    }
}
