using System.Text.Json.Nodes;
using AfirGen.Tests.History;
using AfirGen.Tests.Registry;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>
/// The seed's six tests and its table "Data Loss Scenarios Prevented", each written once and run on every stack. Power loss is not among
/// them: <see cref="FsyncOrderTests"/> proves that a sync precedes every acknowledgement.
/// </summary>
public abstract class RestartScenarios
{
    private const int Clients = 8;
    private const int KilledExitCode = 128 + ApiProcess.SigKill;

    private static readonly string[] FlushLines =
    [
        "Graceful shutdown initiated. Active requests: 0",
        "No active requests, shutting down immediately",
        "Flushing all pending data to disk...",
        "Session database flushed to disk",
        "Session data flushed",
        "Database tables flushed to disk",
        "MySQL data flushed",
        "All data successfully persisted to disk",
        "Clean stop",
    ];

    internal abstract Task<TestStack> PreparedAsync();

    /// <summary>Seed test 1.</summary>
    [Fact]
    public async Task G2_a_request_that_fails_before_its_commit_leaves_nothing_in_either_store()
    {
        await using var stack = await StartAsync();
        await FailAsync(stack, "P1");
        Assert.Equal((0, 0), (stack.Stores.JournalCount("session_rows"), stack.Stores.RegistryCount("fir_records")));
        Assert.Equal((0, 0), (stack.Stores.JournalCount("outbox"), stack.Stores.JournalCount("idempotency")));

        await stack.StartApiAsync();

        Assert.Equal("not_done", (await stack.Client.GetAsync("/operations/failing"))["outcome"]);
        Assert.Empty((await stack.Client.GetAsync("/list_firs")).RequireOk().Json["records"]!.AsArray());
    }

    /// <summary>Row 1: a restart during a transaction.</summary>
    [Theory]
    [InlineData("P3")] // inside the registry's transaction
    [InlineData("P4")] // after its commit, before the journal knows
    public async Task G2_a_restart_during_a_transaction_leaves_all_or_nothing_and_the_next_start_completes_it(string point)
    {
        await using var stack = await StartAsync();
        await FailAsync(stack, point);
        await Eventually.TrueAsync( // MySQL notices by itself that its client is gone
            () => stack.Stores.RegistryCount("fir_records") == (point == "P3" ? 0 : 1),
            "the transaction is over, one way or the other"
        );
        Assert.Equal(1, stack.Stores.JournalCount("outbox WHERE delivered_at IS NULL"));

        await stack.StartApiAsync();
        await stack.DeliveredAsync();

        Assert.Equal((1, 1), (stack.Stores.JournalCount("session_rows"), stack.Stores.RegistryCount("fir_records")));
        var done = (await stack.Client.GetAsync("/operations/failing")).RequireOk();
        Assert.Equal("done", done["outcome"]);
        var again = (await stack.Client.ProcessAsync(Complaints.Theft, "failing")).RequireOk();
        Assert.Equal("true", again.Headers["Idempotency-Replayed"]);
    }

    /// <summary>Seed tests 2 and 3, and row 5: doublewrite is among what the live MySQL says.</summary>
    [Fact]
    public async Task G7_every_durability_setting_is_read_from_the_live_connections_and_right()
    {
        await using var stack = await StartAsync();
        var report = (await stack.Client.GetAsync("/durability")).RequireOk();

        Assert.True((bool)report.Json["durable"]!, report.Text);
        var settings = report.Json["settings"]!.AsArray().Select(setting => setting!.AsObject()).ToList();
        Assert.All(settings, setting => Assert.True((bool)setting["ok"]!, setting.ToJsonString()));
        var journal = settings.Where(setting => Text(setting, "store") == "sessions.db").ToList();
        Assert.Equal("wal", Text(journal.First(setting => Text(setting, "name") == "journal_mode"), "found")); // of the writer only
        var synchronous = journal.Where(setting => Text(setting, "name") == "synchronous").ToList();
        Assert.NotEmpty(synchronous); // the writer first, then each reader that is open
        Assert.All(synchronous, setting => Assert.Equal("2", Text(setting, "found"))); // FULL
        var registry = settings.Where(setting => Text(setting, "store") != "sessions.db").Select(setting => Text(setting, "name"));
        Assert.Empty(stack.RegistrySettings.Except(registry));
    }

    /// <summary>Seed test 4, and row 3.</summary>
    [Fact]
    public async Task G5_a_stop_under_load_has_thirty_seconds_and_completes_what_is_in_flight()
    {
        await using var stack = await StartAsync();
        var reliability = (await stack.Client.GetAsync("/reliability")).RequireOk();
        Assert.Equal(30.0, (double)reliability.Json["graceful_shutdown"]!["shutdown_timeout"]!);
        await using var day = WorkingDay.Begin(stack, Clients);
        await day.SendsAsync(60);

        day.Down();
        Assert.Equal(0, await stack.StopApiAsync());
        await day.QuietAsync();

        // Answered or refused: none was cut (an unknown outcome is a broken connection here).
        var attempts = day.History.Operations.SelectMany(operation => operation.Attempts).ToList();
        Assert.DoesNotContain(attempts, attempt => attempt.Verdict == Verdict.Unknown);
        await stack.StartApiAsync();
        Assert.Contains(stack.Api.Log, line => line.Contains("the last run stopped cleanly", StringComparison.Ordinal));
        await day.RequireNothingLostAsync("after the stop");
        day.Up();
        await day.EndAsync();
    }

    /// <summary>Seed test 5.</summary>
    [Fact]
    public async Task The_flush_runs_at_SIGTERM_step_by_step_and_the_exit_code_is_0()
    {
        await using var stack = await StartAsync();
        await Journeys.RegisterAsync(stack.Client);

        Assert.Equal(0, await stack.StopApiAsync());

        var log = stack.Api.Log;
        var at = FlushLines.Select(text => log.TakeWhile(line => !line.Contains(text, StringComparison.Ordinal)).Count()).ToList();
        Assert.True(at.Max() < log.Count && at.SequenceEqual(at.Order()), $"{string.Join(',', at)}\n{string.Join('\n', log)}");
        Assert.Equal(0, new FileInfo(stack.Stores.JournalFile + "-wal") is { Exists: true } wal ? wal.Length : 0);
        Assert.Empty(stack.RegistryDamage());
    }

    /// <summary>Seed test 6.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G1_what_was_read_before_a_restart_is_read_after_it(bool kill)
    {
        await using var stack = await StartAsync();
        var registered = await Journeys.RegisterAsync(stack.Client);
        var pending = await Journeys.CompleteAsync(stack.Client, Complaints.Cheating);
        var draft = (await stack.Client.ProcessAsync(Complaints.Assault)).RequireOk();
        string[] pages =
        [
            "/list_firs",
            "/ledger/verify",
            $"/fir/{registered["fir_number"]}/content",
            $"/fir/{pending["fir_number"]}/content",
            $"/fir/{draft["fir_number"]}/content",
            $"/session/{pending["session_id"]}/status",
            $"/session/{draft["session_id"]}/status",
        ];
        var before = await ReadAsync(stack, pages);

        await stack.RestartAsync(kill);

        Assert.Equal(before, await ReadAsync(stack, pages));
        var statuses = stack.Stores.Registry(
            "SELECT status, registration_serial, ledger_position FROM fir_records ORDER BY id",
            row => (row.GetString(0), row.IsDBNull(1) ? 0 : row.GetInt64(1), row.IsDBNull(2) ? 0 : row.GetInt64(2))
        );
        Assert.Equal([("finalized", 1L, 1L), ("pending", 0L, 0L), ("draft", 0L, 0L)], statuses);
    }

    /// <summary>Row 2: a crash during writes; and row 5, what it leaves is sound.</summary>
    [Fact]
    public async Task G1_every_acknowledged_change_is_there_after_kill_nine_under_load_and_no_store_is_damaged()
    {
        await using var stack = await StartAsync();
        await using var day = WorkingDay.Begin(stack, Clients);
        await day.SendsAsync(100 + day.Random.Next(50));

        day.Down();
        await stack.KillApiAsync();
        await day.QuietAsync();
        await stack.StartApiAsync();

        await day.RequireNothingLostAsync("after the kill");
        Assert.Equal(["ok"], stack.Stores.Journal("PRAGMA quick_check", row => row.GetString(0)));
        Assert.Empty(stack.RegistryDamage());
        day.Up();
        await day.EndAsync();
    }

    [Fact]
    public async Task A_second_service_on_the_same_data_folder_ends_with_one_line_and_does_not_disturb_the_first()
    {
        await using var stack = await StartAsync();
        await using var second = ApiProcess.Launch(stack.DataFolder, stack.Settings);

        Assert.Equal(1, await second.WaitForExitAsync());
        await second.WaitForLogAsync("Is another AfirGen running on it?");
        await Journeys.RegisterAsync(stack.Client);
        Assert.Equal(0, await stack.StopApiAsync());
    }

    /// <summary>A service that is not connected yet has nothing that a flush could lose.</summary>
    [Fact]
    public async Task A_stop_right_after_the_start_is_a_clean_one()
    {
        await using var stack = await PreparedAsync();
        await stack.StartApiAsync();
        Assert.Equal(0, await stack.StopApiAsync());
        Assert.Contains(stack.Api.Log, line => line.Contains("All data successfully persisted to disk", StringComparison.Ordinal));
    }

    private async Task<TestStack> StartAsync()
    {
        var stack = await PreparedAsync();
        try
        {
            await stack.StartApiAsync();
            await ConnectedAsync(stack);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Restarts the service with a crash point armed, and has a request reach it.</summary>
    private static async Task FailAsync(TestStack stack, string point)
    {
        stack.Settings["AfirGen:Testing:CrashPoint"] = point;
        await stack.RestartAsync();
        stack.Settings.Remove("AfirGen:Testing:CrashPoint");
        await ConnectedAsync(stack);
        await Assert.ThrowsAnyAsync<Exception>(() => stack.Client.ProcessAsync(Complaints.Theft, "failing"));
        Assert.Equal(KilledExitCode, await stack.Api.WaitForExitAsync());
    }

    private static Task ConnectedAsync(TestStack stack) =>
        Eventually.TrueAsync(async () => (await stack.Client.GetAsync("/health"))["database"] == "connected", "the registry is connected");

    private static string Text(JsonObject setting, string name) => setting[name]!.ToString();

    private static async Task<string[]> ReadAsync(TestStack stack, string[] pages)
    {
        await ConnectedAsync(stack);
        var read = new List<string>();
        foreach (var page in pages)
        {
            read.Add((await stack.Client.GetAsync(page)).RequireOk().Text);
        }

        return [.. read];
    }
}

public sealed class EmbeddedRestartTests : RestartScenarios
{
    internal override Task<TestStack> PreparedAsync() => Task.FromResult<TestStack>(EmbeddedStack.Prepared());
}

public sealed class ContainerRestartTests(MySqlServer server) : RestartScenarios, IClassFixture<MySqlServer>
{
    internal override async Task<TestStack> PreparedAsync() => await ContainerStack.PreparedAsync(server);
}
