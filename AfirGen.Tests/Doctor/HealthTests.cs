using System.Text.Json.Nodes;
using AfirGen.Api;
using AfirGen.Api.Doctor;
using AfirGen.Api.Doctor.Machine;
using AfirGen.Tests.Registry;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Doctor;

/// <summary>The doctor at a service that lacks nothing, as a command of the real executable and beside its work.</summary>
public sealed class HealthTests(HealthyDeployment healthy) : IClassFixture<HealthyDeployment>
{
    private const int Nobody = 65534;

    [Fact]
    public async Task All_is_well_at_a_healthy_service()
    {
        var diagnosis = (await DoctorBench.LookAsync(Settings())).RequireAllWell();

        diagnosis.Require("service", Level.Right, "live and ready");
        diagnosis.Require("version", Level.Right, ThisBuild.Version);
        diagnosis.Require("SQLite", Level.Right, "sessions.db: journal_mode wal, synchronous 2");
        diagnosis.Require("schema", Level.Right, "firs.db: schema");
        diagnosis.Require("backup", Level.Right, healthy.Backup);
        diagnosis.Require("MySQL", Level.NotLookedAt, "embedded");
        diagnosis.Require("alerts", Level.NotLookedAt, "no Prometheus is configured", "--prometheus");
        diagnosis.Require("container", Level.NotLookedAt, "no container is named", "--container");
    }

    [Fact]
    public async Task Every_check_says_something_about_a_healthy_service_and_about_a_folder_that_is_not_there()
    {
        using var nowhere = new TemporaryFolder();
        foreach (var settings in (Dictionary<string, string>[])[Settings(), new() { ["AfirGen:DataFolder"] = nowhere.File("data") }])
        {
            var diagnosis = await DoctorBench.LookAsync(settings);
            Assert.Equal(25, diagnosis.Lines.Select(line => line.Check).Distinct().Count());
            Assert.All(diagnosis.Lines, line => Assert.True(line.Level != Level.Wrong || line.Mend is { Length: > 0 }, line.Text));
        }
    }

    [Fact]
    public async Task The_command_says_the_same_in_lines_and_in_json()
    {
        var url = healthy.Stack.Api.Address.ToString();
        // Whether something sets the clock of the machine that runs the tests is not up to them.
        var clock = KernelClock.Read();
        var wanted = clock == ClockState.NotSynchronised ? 1 : 0;

        var text = await healthy.Desk.RunAsync(healthy.Stack, "doctor", "--url", url);
        Assert.True(text.ExitCode == wanted, text.Output + text.Error);
        Assert.Contains($"ok    service         live and ready at {url}", text.Output, StringComparison.Ordinal);
        Assert.Contains($"{wanted} wrong, 0 unknown", text.Output, StringComparison.Ordinal);

        var json = await healthy.Desk.RunAsync(healthy.Stack, "doctor", "--url", url, "--json");
        Assert.Equal(wanted, json.ExitCode);
        var lines = json.Json()["lines"]!.AsArray();
        Assert.Equal(wanted, (int)json.Json()["wrong"]!);
        Assert.Contains(lines, line => Is(line!, "service", "right"));
        Assert.Contains(lines, line => Is(line!, "alerts", "not_looked_at"));

        static bool Is(JsonNode line, string check, string level) => $"{line["check"]}" == check && $"{line["level"]}" == level;
    }

    [Fact]
    public async Task What_is_wrong_ends_the_command_with_1_and_a_configuration_that_cannot_be_read_with_2()
    {
        var down = await healthy.Desk.RunAsync(healthy.Stack, "doctor", "--url", $"http://127.0.0.1:{Docker.FreePort()}");
        Assert.Equal(1, down.ExitCode);
        Assert.Contains("WRONG service", down.Output, StringComparison.Ordinal);
        Assert.Contains("mend: ./run.sh", down.Output, StringComparison.Ordinal);

        using var other = new TemporaryFolder();
        await using var stack = EmbeddedStack.Prepared(new Dictionary<string, string> { ["AfirGen:Journal:MaxBatchSize"] = "many" });
        var unreadable = await healthy.Desk.RunAsync(stack, "doctor");
        Assert.Equal(2, unreadable.ExitCode);
        Assert.Contains("AfirGen:Journal:MaxBatchSize", unreadable.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_another_account_may_not_look_at_is_unknown_never_right()
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess || Environment.GetEnvironmentVariable("CI") is not null,
            "changing the account needs root"
        );
        string[] command =
        [
            "env",
            $"AfirGen__DataFolder={healthy.Stack.DataFolder}",
            $"AfirGen__Doctor__Url={healthy.Stack.Api.Address}",
            "setpriv",
            $"--reuid={Nobody}",
            $"--regid={Nobody}",
            "--clear-groups",
            .. ApiProcess.Program,
            "doctor",
            "--json",
        ];
        // Somebody may enter the folder above, which only the tests have closed.
        Command.Run("chmod", "o+x", Path.GetDirectoryName(healthy.Stack.DataFolder)!);

        var (exitCode, output, error) = Command.Try(command[0], command[1..]);
        Assert.True(exitCode == 1, output + error); // no backup folder is configured here
        var lines = JsonNode.Parse(output)!["lines"]!.AsArray();
        Assert.All(
            (string[])["journal mode", "WAL", "schema", "keys", "owner"],
            check =>
            {
                var line = Assert.Single(lines, line => $"{line!["check"]}" == check)!;
                Assert.Equal("unknown", $"{line["level"]}");
                Assert.StartsWith("sudo -u '#0' ", $"{line["mend"]}", StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public async Task G5_beside_a_service_at_work_it_holds_up_neither_a_write_nor_the_flush_of_a_stop()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        var settings = DoctorBench.SettingsOf(stack);
        using var stop = new CancellationTokenSource();
        var doctor = Task.Run(
            async () =>
            {
                var looks = 0;
                for (; !stop.IsCancellationRequested; looks++)
                {
                    await DoctorBench.LookAsync(settings);
                }

                return looks;
            },
            Running.Test
        );
        foreach (var i in Enumerable.Range(0, 50))
        {
            (await stack.Client.ProcessAsync($"complaint {i}")).RequireOk();
        }

        Assert.False(doctor.IsCompleted);
        Assert.Equal(0, await stack.StopApiAsync()); // 1 when the log could not be emptied
        await stop.CancelAsync();
        Assert.True(await doctor > 0);
    }

    private Dictionary<string, string> Settings() => DoctorBench.SettingsOf(healthy.Stack);
}
