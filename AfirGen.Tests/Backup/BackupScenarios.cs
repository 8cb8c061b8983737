using System.Text.Json.Nodes;
using AfirGen.Tests.History;
using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Backup;

/// <summary>Backup and restore as an operator lives through them, written once and run on every stack.</summary>
public abstract class BackupScenarios : IDisposable
{
    private const int Officers = 6;
    private readonly BackupDesk _desk = new();

    private protected BackupDesk Desk => _desk;

    internal abstract Task<TestStack> PreparedAsync();

    /// <summary>Returns when registrations can succeed.</summary>
    internal virtual Task ConnectedAsync(TestStack stack) => Task.CompletedTask;

    [Fact]
    public async Task G1_a_backup_under_full_load_has_everything_that_was_acknowledged_before_it()
    {
        await using var stack = await StartAsync();
        await using var day = WorkingDay.Begin(stack, Officers);
        await day.SendsAsync(60);
        HashSet<string> before = [.. day.History.Acknowledged.Select(operation => operation.Request.Key)];

        var backup = await BackupDesk.TakeAsync(stack);

        await day.SendsAsync(30);
        await day.EndAsync(); // and the backup has disturbed nobody
        await using var restored = await PreparedAsync();
        (await _desk.RunAsync(restored, "restore", backup, "--skip-serials", "0")).RequireOk();
        // What was not acknowledged before it may be in the backup or not, but never half.
        var operations = day.History.Operations.Select(operation =>
            before.Contains(operation.Request.Key) ? operation : operation with { Attempts = [new(Verdict.Unknown, null)] }
        );
        var findings = HistoryChecker.Check([.. operations], StoreView.Read(restored.Stores), settled: false);
        Assert.True(findings.Count == 0, string.Join('\n', findings.Take(20)));
        Assert.Empty(restored.RegistryDamage());
        await restored.StartApiAsync();
        await restored.DeliveredAsync();
        Assert.Equal(
            "healthy",
            (await Eventually.SeesAsync(() => restored.Client.GetAsync("/health"), health => health["status"] == "healthy"))["status"]
        );
        Assert.Equal("true", (await restored.Client.GetAsync("/ledger/verify")).RequireOk()["complete"]);
    }

    [Fact]
    public async Task G1_texts_in_every_script_come_back_byte_for_byte_from_a_drill_into_clean_stores()
    {
        await using var stack = await StartAsync();
        var journey = await Journey.BeginAsync(stack.Client, Texts.All["Devanagari"] + "\n" + Complaints.Theft);
        await journey.CompleteAsync();
        (await journey.RegisterAsync("drill")).RequireOk();
        var others = new Dictionary<string, string>();
        foreach (var name in (string[])["Tamil", "emoji joined by ZWJ", "NFD", "quotes", "NUL in a long text", "all line ends"])
        {
            others.Add((await stack.Client.ProcessAsync(Texts.All[name])).RequireOk()["session_id"], name);
        }

        await stack.DeliveredAsync();
        var contents = await ContentsAsync(stack);
        var receipt = (await stack.Client.GetAsync($"/fir/{journey.FirNumber}/receipt")).RequireOk();
        var backup = await BackupDesk.TakeAsync(stack);
        await stack.KillApiAsync();

        await using var restored = await PreparedAsync();
        (await _desk.RunAsync(restored, "verify")).RequireOk(); // leaves nothing that would be in the way
        (await _desk.RunAsync(restored, "restore", backup, "--last-serial", receipt["registration_number"])).RequireOk();
        await restored.StartApiAsync();
        await ConnectedAsync(restored);

        Assert.Equal(contents, await ContentsAsync(restored));
        var again = (await restored.Client.GetAsync($"/fir/{journey.FirNumber}/receipt")).RequireOk();
        Assert.Equal(receipt["record_hash"], again["record_hash"]);
        foreach (var (sessionId, name) in others)
        {
            var text = restored.Stores.Registry(
                $"SELECT complaint_text FROM fir_records WHERE session_id = '{sessionId}'",
                row => row.GetString(0)
            );
            Assert.True(text is [var found] && found == Texts.All[name], name);
        }
    }

    [Fact]
    public async Task G4_no_serial_is_given_twice_after_a_restore()
    {
        await using var stack = await StartAsync();
        var before = await RegisterAsync(stack, "before");
        var backup = await BackupDesk.TakeAsync(stack);
        var lost = await RegisterAsync(stack, "lost"); // on paper, and not in the backup
        await stack.KillApiAsync();
        await using var restored = await PreparedAsync();

        var undecided = await _desk.RunAsync(restored, "restore", backup);
        var lower = await _desk.RunAsync(restored, "restore", backup, "--last-serial", before[..^1] + "0");
        var report = (await _desk.RunAsync(restored, "restore", backup, "--last-serial", lost, "--json")).RequireOk();
        await restored.StartApiAsync();
        await ConnectedAsync(restored);

        Assert.Equal(BackupDesk.Misconfigured, undecided.ExitCode);
        Assert.Contains("--last-serial", undecided.Error, StringComparison.Ordinal);
        Assert.Equal(BackupDesk.Misconfigured, lower.ExitCode);
        var next = await RegisterAsync(restored, "next");
        Assert.Equal([1, 2, 3], new[] { before, lost, next }.Select(SerialOf));
        Assert.Equal(lost, report.Json()["skipped"]![0]!["from"]!.ToString());
        Assert.Equal("true", (await restored.Client.GetAsync("/ledger/verify")).RequireOk()["complete"]);
    }

    [Fact]
    public async Task G4_where_nobody_knows_the_last_serial_some_are_left_out()
    {
        await using var stack = await StartAsync();
        await RegisterAsync(stack, "before");
        var backup = await BackupDesk.TakeAsync(stack);
        await RegisterAsync(stack, "lost");
        await stack.KillApiAsync();
        await using var restored = await PreparedAsync();

        (await _desk.RunAsync(restored, "restore", backup, "--skip-serials", "1000")).RequireOk();
        _desk.Equip(restored);
        await restored.StartApiAsync();
        await ConnectedAsync(restored);

        Assert.Equal(1002, SerialOf(await RegisterAsync(restored, "next")));
        var second = await BackupDesk.TakeAsync(restored); // a gap that is explained is no damage
        (await _desk.RunAsync(restored, "verify", second)).RequireOk();
        await restored.KillApiAsync();
        await using var again = await PreparedAsync();
        var report = (await _desk.RunAsync(again, "restore", second, "--skip-serials", "10", "--json")).RequireOk().Json();
        Assert.Single(report["skipped"]!.AsArray());
        var kept = JsonNode.Parse(File.ReadAllBytes(Path.Combine(again.DataFolder, "restored.json")))!["skipped"]!.AsArray();
        Assert.Equal(
            [(2, 1001), (1003, 1012)], // and what the first restore left out stands there for good
            kept.Select(range => (SerialOf($"{range!["from"]}"), SerialOf($"{range!["to"]}")))
        );
    }

    private protected async Task<TestStack> StartAsync()
    {
        var stack = await PreparedAsync();
        _desk.Equip(stack);
        await stack.StartApiAsync();
        await ConnectedAsync(stack);
        return stack;
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _desk.Dispose();
    }

    private protected static async Task<string> RegisterAsync(TestStack stack, string key)
    {
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft);
        await journey.CompleteAsync();
        return (await journey.RegisterAsync(key)).RequireOk()["registration_number"];
    }

    private protected static int SerialOf(string number) =>
        int.Parse(number.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);

    private protected static async Task<IReadOnlyList<string>> ContentsAsync(TestStack stack)
    {
        var firs = (await stack.Client.GetAsync("/list_firs?limit=100")).RequireOk().Json["records"]!.AsArray();
        List<string> contents = [];
        foreach (var fir in firs)
        {
            contents.Add((await stack.Client.GetAsync($"/fir/{fir!["fir_number"]}/content")).RequireOk().Text);
        }

        return contents;
    }
}

public sealed class EmbeddedBackupTests : BackupScenarios
{
    internal override Task<TestStack> PreparedAsync() => Task.FromResult<TestStack>(EmbeddedStack.Prepared());
}
