using AfirGen.Api.Doctor;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Doctor;

/// <summary>Backups of a real service: missing, old, never tried, without their key, with a key for everybody.</summary>
public sealed class BackupLineTests(HealthyDeployment healthy) : IClassFixture<HealthyDeployment>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task That_none_are_configured_is_found()
    {
        var diagnosis = await LookAsync(("AfirGen:Backup:Folder", ""));

        diagnosis.RequireOnly("backup", "none are made", "AfirGen__Backup__Folder");
        diagnosis.Require("backup key", Level.NotLookedAt, "no backups are configured");
    }

    [Fact]
    public async Task That_there_is_none_yet_is_found() =>
        (await LookAsync(("AfirGen:Backup:Folder", _folder.File("empty")))).RequireOnly(
            "backup",
            "there is none in",
            "AfirGen.Api.dll backup"
        );

    [Theory]
    [InlineData(23, null, null)]
    [InlineData(25, "taken 25", "AfirGen.Api.dll backup")]
    [InlineData(24 * 7 + 1, "restored for trial 169", "AfirGen.Api.dll verify")]
    public async Task A_backup_gets_too_old_when_the_clock_goes_on(int hours, string? text, string? mend)
    {
        await File.WriteAllTextAsync(
            _folder.File("offset"),
            $"{TimeSpan.FromHours(hours).TotalSeconds}",
            TestContext.Current.CancellationToken
        );
        var diagnosis = await LookAsync(("AfirGen:Testing:ClockOffsetFile", _folder.File("offset")));

        if (text is null)
        {
            diagnosis.RequireAllWell();
        }
        else
        {
            diagnosis.RequireOnly("backup", text, mend!);
        }
    }

    [Fact]
    public async Task One_that_is_named_after_a_time_to_come_is_found_beside_a_young_one_and_given_another_name()
    {
        var ahead = Path.Combine(healthy.Desk.Folder, "afirgen-20991126T060000000Z");
        Command.Run("cp", "-a", healthy.Backup, ahead);
        var moved = Path.Combine(healthy.Desk.Folder, "ahead-afirgen-20991126T060000000Z");

        var diagnosis = await LookAsync();
        diagnosis.Require("backup", Level.Right, $"{healthy.Backup}: taken 0.0 h ago");
        diagnosis.RequireOnly("backup", $"{ahead} is named after a time that has not come", $"mv {ahead} {moved}").Mend();

        (await LookAsync()).RequireAllWell();
        (await healthy.Desk.RunAsync(healthy.Stack, "verify", moved)).RequireOk();
        Directory.Delete(moved, recursive: true);
    }

    [Fact]
    public async Task That_all_of_them_are_of_a_time_to_come_is_found()
    {
        await File.WriteAllTextAsync(_folder.File("offset"), "-3600", TestContext.Current.CancellationToken);
        var diagnosis = await LookAsync(("AfirGen:Testing:ClockOffsetFile", _folder.File("offset")));

        diagnosis.RequireWrong("backup", "has not come", "mv ");
        diagnosis.RequireWrong("backup", "there is no other in", "AfirGen.Api.dll backup");
        diagnosis.RequireWrong("backup", "was ever restored for trial", "AfirGen.Api.dll verify");
    }

    [Fact]
    public async Task One_that_was_never_restored_for_trial_is_found_and_tried()
    {
        File.Delete(Path.Combine(healthy.Backup, "verified.json"));
        (await LookAsync()).RequireOnly("backup", "was ever restored for trial", "AfirGen.Api.dll verify");

        (await healthy.Desk.RunAsync(healthy.Stack, "verify")).RequireOk();
        (await LookAsync()).RequireAllWell();
    }

    [Fact]
    public async Task A_key_for_everybody_is_found_and_closed()
    {
        Command.Run("chmod", "644", healthy.Desk.KeyFile);
        (await LookAsync())
            .RequireOnly("backup key", "has mode 0644: others may open the backups", $"chmod 600 {healthy.Desk.KeyFile}")
            .Mend();
        (await LookAsync()).RequireAllWell();
    }

    [Fact]
    public async Task In_a_container_the_file_of_the_machine_is_mended_with_a_stand_in_for_Docker_since_its_mount_is_read_only()
    {
        Command.Run("chmod", "644", healthy.Desk.KeyFile);
        var open = (await LookInsideAsync()).RequireWrong("backup key", "has mode 0644", "${AFIRGEN_BACKUP_KEY_FILE:-./backup.key}");
        var recreated = open.MendWithStandIn("echo \"$*\"", $"AFIRGEN_BACKUP_KEY_FILE={healthy.Desk.KeyFile}");
        Assert.Equal("up -d --force-recreate fir_pipeline\n", recreated);
        (await LookInsideAsync()).Require("backup key", Level.Right, "for its owner only");

        (await LookInsideAsync(("AfirGen:Backup:KeyFile", _folder.File("lost.key")))).RequireWrong(
            "backup key",
            "there is no",
            "install -m 0400 -o 1654 -g 1654 THE/COPY/IN/A/SAFE/PLACE ${AFIRGEN_BACKUP_KEY_FILE:-./backup.key} && docker-compose up -d"
        );
    }

    [Fact]
    public async Task A_key_of_another_account_is_found_and_given_back()
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess || Environment.GetEnvironmentVariable("CI") is not null,
            "giving a file away needs root"
        );
        Command.Run("chown", "65534", healthy.Desk.KeyFile);
        (await LookAsync()).RequireOnly("backup key", "belongs to account 65534", "chown 0:").Mend();
        (await LookAsync()).RequireAllWell();
    }

    [Fact]
    public async Task A_key_that_is_lost_is_found_and_with_it_that_the_next_start_would_fail()
    {
        var diagnosis = await LookAsync(("AfirGen:Backup:KeyFile", _folder.File("lost.key")));

        diagnosis.RequireWrong("backup key", "there is no", "cp THE/COPY/IN/A/SAFE/PLACE");
        diagnosis.RequireWrong("configuration", "AfirGen:Backup:KeyFile", "docs/configuration.md");
    }

    [Fact]
    public async Task A_key_that_is_none_is_found()
    {
        await File.WriteAllTextAsync(_folder.File("short.key"), "0123", TestContext.Current.CancellationToken);
        Command.Run("chmod", "600", _folder.File("short.key"));

        (await LookAsync(("AfirGen:Backup:KeyFile", _folder.File("short.key")))).RequireWrong("backup key", "64 hexadecimal digits", "cp ");
    }

    private Task<Diagnosis> LookInsideAsync(params (string, string)[] more) =>
        DoctorBench.LookAsync(DoctorBench.SettingsOf(healthy.Stack, more), DoctorBench.InContainer);

    private Task<Diagnosis> LookAsync(params (string, string)[] more) => DoctorBench.LookAsync(DoctorBench.SettingsOf(healthy.Stack, more));
}
