using System.Globalization;
using AfirGen.Api.Doctor;
using AfirGen.Api.Doctor.MySql;
using AfirGen.Tests.Backup;
using AfirGen.Tests.Registry;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Doctor;

/// <summary>A real MySQL: each setting wrong alone, away, read-only, another schema, another time.</summary>
[Collection(MySqlTests.Name)]
public sealed class MySqlLineTests(MySqlServer server) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _settings = [];
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        await RegistryBench.MySql(server.RootConnectionString(_database)).OpenAsync(Running.Test);
        _settings["ConnectionStrings:firdb"] = server.RootConnectionString(_database);
        _settings["AfirGen:DataFolder"] = _folder.File("data");
    }

    public async ValueTask DisposeAsync()
    {
        await server.ExecuteAsync($"RESET PERSIST; DROP DATABASE {_database}");
        _folder.Dispose();
    }

    [Fact]
    public async Task All_is_well_at_a_healthy_service_on_MySQL()
    {
        using var desk = new BackupDesk();
        await using var stack = await ContainerStack.PreparedAsync(server);
        DoctorBench.Equip(stack, desk);
        await stack.StartApiAsync();
        await Eventually.TrueAsync(
            async () => (await stack.Client.GetAsync("/health"))["database"] == "connected",
            "the registry is connected"
        );
        (await stack.Client.ProcessAsync(Complaints.Theft)).RequireOk();
        await DoctorBench.BackUpAsync(stack);

        var diagnosis = (await DoctorBench.LookAsync(DoctorBench.SettingsOf(stack))).RequireAllWell();

        diagnosis.Require("MySQL", Level.Right, "answers; 9.7.");
        diagnosis.Require("MySQL schema", Level.Right, stack.Database);
        diagnosis.Require("MySQL clock", Level.Right, "s from ours");
        Assert.All(WrongSettings.All.Select(row => row.Data.Item3), name => diagnosis.Require("MySQL setting", Level.Right, $"{name} is "));
        await stack.StopApiAsync();
        await stack.DropAsync();
    }

    [Theory]
    [MemberData(nameof(WrongSettings.All), MemberType = typeof(WrongSettings))]
    public async Task G7_each_setting_that_the_guard_holds_has_a_line_that_goes_wrong_and_names_what_mends_it(
        string wrong,
        string right,
        string name
    )
    {
        await server.ExecuteAsync(wrong.Replace("{0}", _database, StringComparison.Ordinal));
        try
        {
            var diagnosis = await LookAsync();
            var line = Assert.Single(diagnosis.Lines, line => line.Check == "MySQL setting" && line.Level == Level.Wrong);
            Assert.StartsWith($"{name} is ", line.Text, StringComparison.Ordinal);
            if (line.Mend!.StartsWith("mysql ", StringComparison.Ordinal))
            {
                // What root would type, by the driver: the statement is what stands behind -e.
                var statement = line.Mend.Split(" -e ")[1].Split("   #")[0].Trim('"');
                await server.ExecuteAsync($"USE {_database}; {statement}");
                Assert.DoesNotContain((await LookAsync()).Lines, line => line.Check == "MySQL setting" && line.Level == Level.Wrong);
            }
            else
            {
                Assert.Contains("systemctl restart mysql   # mysqld has to be started with --", line.Mend, StringComparison.Ordinal);
            }
        }
        finally
        {
            await server.ExecuteAsync(right.Replace("{0}", _database, StringComparison.Ordinal));
        }

        Assert.DoesNotContain((await LookAsync()).Lines, line => line.Check == "MySQL setting" && line.Level == Level.Wrong);
    }

    [Fact]
    public async Task A_server_that_is_away_is_found_once_and_everything_about_it_is_unknown()
    {
        var settings = new Dictionary<string, string>(_settings)
        {
            ["ConnectionStrings:firdb"] = server.RootConnectionString(_database, Docker.FreePort()),
        };
        var diagnosis = await DoctorBench.LookAsync(settings);

        diagnosis.RequireWrong("MySQL", "does not answer", "systemctl start mysql");
        Assert.All(
            (string[])["MySQL setting", "MySQL schema", "MySQL clock"],
            check => diagnosis.Require(check, Level.Unknown, "MySQL does not answer")
        );
    }

    [Fact]
    public async Task An_account_that_is_refused_is_found()
    {
        _settings["ConnectionStrings:firdb"] = server.ConnectionString("nobody", "wrong", _database);

        (await LookAsync()).RequireWrong("MySQL", "Access denied", "ConnectionStrings__firdb");
    }

    [Fact]
    public async Task A_connection_string_that_cannot_be_used_is_found_without_the_password_in_it()
    {
        _settings["ConnectionStrings:firdb"] = "Server=mysql;Password=secret-of-mine;Port=many";
        var diagnosis = await LookAsync();

        diagnosis.RequireWrong("configuration", "ConnectionStrings:firdb cannot be read", "Set it to");
        diagnosis.Require("MySQL setting", Level.Unknown, "connection string");
        Assert.DoesNotContain("secret-of-mine", string.Join('\n', diagnosis.Text()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_read_only_is_found()
    {
        await server.ExecuteAsync("SET GLOBAL read_only = ON");
        try
        {
            (await LookAsync()).RequireWrong("MySQL", "is read-only", "SET GLOBAL super_read_only = OFF, GLOBAL read_only = OFF");
        }
        finally
        {
            await server.ExecuteAsync("SET GLOBAL super_read_only = OFF, GLOBAL read_only = OFF");
        }

        (await LookAsync()).Require("MySQL", Level.Right, "answers");
    }

    [Fact]
    public async Task A_schema_of_another_build_is_found_newer_older_or_none()
    {
        await server.ExecuteAsync("INSERT INTO VersionInfo (Version) VALUES (299901010000)", _database);
        (await LookAsync()).RequireWrong("MySQL schema", "299901010000 is newer than this build", "git checkout VERSION");
        await server.ExecuteAsync("TRUNCATE TABLE VersionInfo", _database);
        (await LookAsync()).RequireWrong("MySQL schema", "the schema lacks", "./run.sh");
        await server.ExecuteAsync("DROP TABLE VersionInfo", _database);
        (await LookAsync()).RequireWrong("MySQL schema", "has no schema yet", "./run.sh");
    }

    [Fact]
    public async Task A_clock_apart_from_ours_is_found()
    {
        await File.WriteAllTextAsync(_folder.File("offset"), (-90.0).ToString(CultureInfo.InvariantCulture), Running.Test);
        _settings["AfirGen:Testing:ClockOffsetFile"] = _folder.File("offset");

        (await LookAsync()).RequireWrong("MySQL clock", "90.", "timedatectl set-ntp true");
    }

    [Fact]
    public async Task G7_a_service_that_is_not_ready_because_of_a_setting_is_found_and_so_is_the_setting()
    {
        await using var stack = await ContainerStack.StartAsync(server);
        await server.ExecuteAsync("SET GLOBAL sync_binlog = 0");
        try
        {
            await Eventually.TrueAsync(
                async () => (await stack.Client.GetAsync("/durability"))["ready"] == "false",
                "the guard has seen it"
            );
            var diagnosis = await DoctorBench.LookAsync(DoctorBench.SettingsOf(stack));

            diagnosis.RequireWrong("service", "not ready: not configured durably: mysql: sync_binlog is 0, wanted 1", "curl");
            diagnosis.RequireWrong("MySQL setting", "sync_binlog is 0, wanted 1", "-e \"SET PERSIST sync_binlog = 1\"");
        }
        finally
        {
            await server.ExecuteAsync("SET GLOBAL sync_binlog = 1");
        }
    }

    [Theory]
    [InlineData("9.7.4", true)]
    [InlineData("9.7.4-log", true)]
    [InlineData("8.4.3", false)]
    [InlineData("9.70.1", false)]
    [InlineData("11.8.2-MariaDB", false)]
    public void A_server_of_another_series_which_is_not_to_be_had_here_is_found_by_what_it_would_say(string version, bool right) =>
        Assert.Equal(right ? Level.Right : Level.Wrong, MySqlAnswers.JudgeVersion(version).Level);

    private Task<Diagnosis> LookAsync() => DoctorBench.LookAsync(_settings);
}
