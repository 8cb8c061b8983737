using AfirGen.Api.Doctor;
using AfirGen.Api.Doctor.Machine;
using AfirGen.Tests.Registry;
using AfirGen.Tests.Stack;
using Microsoft.Data.Sqlite;

namespace AfirGen.Tests.Doctor;

/// <summary>The SQLite stores of a service that runs, and of one that does not.</summary>
public sealed class StoreFileTests
{
    [Fact]
    public async Task A_journal_that_left_WAL_mode_is_found_and_put_back()
    {
        await using var stack = await StoppedAsync();
        var file = stack.Stores.JournalFile;
        (await LookAsync(stack)).Require("journal mode", Level.Right, "sessions.db: wal");

        Command.Run("sqlite3", file, "PRAGMA journal_mode=DELETE");
        var line = (await LookAsync(stack)).RequireWrong(
            "journal mode",
            "sessions.db is not in WAL mode",
            $"sqlite3 {file} \"PRAGMA journal_mode=WAL\""
        );
        line.Mend();
        (await LookAsync(stack)).Require("journal mode", Level.Right, "sessions.db: wal");
    }

    [Fact]
    public async Task A_schema_of_another_build_is_found_in_each_store_newer_or_older()
    {
        await using var stack = await StoppedAsync();
        foreach (var (name, file) in new[] { ("sessions.db", stack.Stores.JournalFile), ("firs.db", stack.Stores.RegistryFile) })
        {
            Execute(file, "INSERT INTO VersionInfo (Version) VALUES (299901010000)");
            (await LookAsync(stack)).RequireWrong(
                "schema",
                $"{name}: schema 299901010000 is newer than this build",
                "git checkout VERSION"
            );
            Execute(file, "DELETE FROM VersionInfo WHERE Version = 299901010000");
            (await LookAsync(stack)).Require("schema", Level.Right, $"{name}: schema");

            Execute(file, "CREATE TABLE kept AS SELECT * FROM VersionInfo; DELETE FROM VersionInfo");
            (await LookAsync(stack)).RequireWrong("schema", $"{name}: the schema lacks", "./run.sh");
            Execute(file, "INSERT INTO VersionInfo SELECT * FROM kept; DROP TABLE kept");
            (await LookAsync(stack)).Require("schema", Level.Right, $"{name}: schema");
        }
    }

    [Fact]
    public async Task A_log_that_somebody_keeps_from_being_emptied_is_found_and_shrinks_when_the_reader_is_gone()
    {
        await using var stack = await EmbeddedStack.StartAsync(
            new Dictionary<string, string> { ["AfirGen:Journal:MaxWalMebibytes"] = "1" }
        );
        (await stack.Client.ProcessAsync("first")).RequireOk();
        var settings = DoctorBench.SettingsOf(stack);
        using (new LongReader(stack.Stores))
        {
            var text = new string('x', 40_000);
            while (new FileInfo(stack.Stores.JournalFile + "-wal").Length <= 2 * 1024 * 1024)
            {
                (await stack.Client.ProcessAsync(text)).RequireOk();
            }

            (await DoctorBench.LookAsync(settings)).RequireWrong(
                "WAL",
                "somebody reads beside the service",
                $"fuser -v {stack.Stores.JournalFile}"
            );
            // The image has no fuser. A stand-in for Docker runs here what would run in the container.
            var readers = (await DoctorBench.LookAsync(settings, DoctorBench.InContainer))
                .RequireWrong("WAL", "somebody reads beside the service", "grep -ls ")
                .MendWithStandIn("shift 2; \"$@\" || true");
            Assert.Contains($"/proc/{Environment.ProcessId}/maps\n", readers, StringComparison.Ordinal);
        }

        Assert.Equal(0, await stack.StopApiAsync());
        (await DoctorBench.LookAsync(settings)).Require("WAL", Level.Right, "sessions.db: 0 MiB");
    }

    [Fact]
    public async Task Looking_at_a_stopped_service_changes_nothing_in_its_folder()
    {
        await using var stack = await StoppedAsync();
        await UntouchedAsync(stack);

        // As a restore leaves them: nothing beside the files.
        foreach (var beside in Directory.GetFiles(stack.DataFolder, "*.db-*"))
        {
            File.Delete(beside);
        }

        await UntouchedAsync(stack);
        await stack.StartApiAsync();
        Assert.Contains(stack.Api.Log, line => line.Contains("Ready after", StringComparison.Ordinal));
    }

    [Fact]
    public async Task G1_looking_at_what_a_crash_has_left_keeps_it_for_the_next_start()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        var number = (await stack.Client.ProcessAsync("before the crash")).RequireOk()["fir_number"];
        await stack.KillApiAsync();
        Assert.True(new FileInfo(stack.Stores.JournalFile + "-wal").Length > 0);

        var diagnosis = await LookAsync(stack);
        diagnosis.Require("schema", Level.Right, "sessions.db: schema");
        diagnosis.Require("SQLite", Level.NotLookedAt, "the service does not answer");

        await stack.StartApiAsync();
        Assert.Contains(number, (await stack.Client.GetAsync("/list_firs")).RequireOk().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_runtime_and_an_SQLite_of_another_version_are_found_by_what_they_would_say_of_themselves()
    {
        Assert.Equal(Level.Right, Runtime.JudgeDotnet(System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription).Level);
        Assert.Contains("aspnetcore-runtime-10.0", Runtime.JudgeDotnet(".NET 11.0.1").Mend, StringComparison.Ordinal);
        Assert.Equal(Level.Wrong, Runtime.JudgeDotnet(".NET 10.0.0-rc.2.25502.107").Level);
        Assert.Equal(Level.Right, Runtime.JudgeSqlite("3.53.4").Level);
        Assert.Contains("eng/api-image.sh", Runtime.JudgeSqlite("3.50.4").Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_nothing_sets_is_found_when_the_kernel_is_made_to_say_so()
    {
        var settings = new Dictionary<string, string> { ["AfirGen:DataFolder"] = "/nowhere" };

        (await DoctorBench.LookAsync(settings, DoctorBench.Machine with { Clock = () => ClockState.NotSynchronised })).RequireWrong(
            "clock",
            "nothing sets it",
            "timedatectl set-ntp true"
        );
        (await DoctorBench.LookAsync(settings, DoctorBench.Machine with { Clock = () => ClockState.NotKnown })).Require(
            "clock",
            Level.NotLookedAt,
            "does not say"
        );
    }

    [Fact]
    public void The_kernel_is_asked_about_its_clock_as_others_ask_it()
    {
        var said = Command
            .Run("python3", "-c", "import ctypes; print(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)))")
            .Trim();
        var wanted = said switch
        {
            "-1" => ClockState.NotKnown,
            "5" => ClockState.NotSynchronised,
            _ => ClockState.Synchronised,
        };
        Assert.Equal(wanted, KernelClock.Read());
    }

    private static async Task UntouchedAsync(EmbeddedStack stack)
    {
        var before = Listing(stack.DataFolder);
        var diagnosis = await LookAsync(stack);
        diagnosis.Require("schema", Level.Right, "sessions.db: schema");
        diagnosis.Require("schema", Level.Right, "firs.db: schema");
        Assert.Equal(before, Listing(stack.DataFolder));
    }

    private static IEnumerable<string> Listing(string folder) =>
        [
            .. new DirectoryInfo(folder)
                .EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
                .Where(file => !file.Name.EndsWith("-shm", StringComparison.Ordinal)) // memory that SQLite's processes share, no content
                .Select(file => $"{file.FullName} {(file as FileInfo)?.Length} {file.LastWriteTimeUtc:O} {FileOwner.Of(file.FullName)}")
                .Order(StringComparer.Ordinal),
        ];

    private static async Task<EmbeddedStack> StoppedAsync()
    {
        var stack = await EmbeddedStack.StartAsync();
        (await stack.Client.ProcessAsync(Complaints.Theft)).RequireOk();
        await stack.DeliveredAsync();
        Assert.Equal(0, await stack.StopApiAsync());
        return stack;
    }

    private static Task<Diagnosis> LookAsync(EmbeddedStack stack) => DoctorBench.LookAsync(DoctorBench.SettingsOf(stack));

    private static void Execute(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
