using System.Text.Json.Nodes;
using AfirGen.Api.Access;
using AfirGen.Api.Telemetry;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>Keys that are stored as hashes: created, listed, expired and revoked by commands, beside the running service.</summary>
public sealed class StoredKeyTests : IDisposable
{
    private const string Configured = "a-configured-key";
    private readonly KeyDesk _desk = new();

    [Fact]
    public async Task A_key_is_shown_once_does_what_its_roles_allow_and_is_stored_as_a_hash()
    {
        await using var stack = await StartAsync();

        var created = (
            await ServiceCommand.RunAsync(stack, "key", "create", "--name", "asha", "--role", "officer", "--expires", "90d")
        ).RequireOk();

        var key = created.Output.Trim();
        Assert.Matches("^afir_[0-9a-f]{72}$", key);
        Assert.DoesNotContain(key, created.Error, StringComparison.Ordinal);
        var stored = await File.ReadAllTextAsync(_desk.File, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(key[5..20], stored, StringComparison.Ordinal);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(_desk.File) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        using var client = stack.Api.CreateClient(key);
        await Eventually.TrueAsync(async () => (await client.GetAsync("/list_firs")).Status == 200, "the service takes the key");
        (await client.ProcessAsync("A bag was stolen")).RequireOk();
        Assert.Equal("role-missing", (await client.PostAsync("/operations/drain")).ProblemType);
        (await stack.Client.GetAsync("/list_firs")).RequireOk(); // the configured one goes on

        var listed = (await ServiceCommand.RunAsync(stack, "key", "list", "--json")).RequireOk();
        Assert.DoesNotContain(key[5..20], listed.Output, StringComparison.Ordinal);
        var one = Assert.Single(listed.Json().AsArray())!;
        Assert.Equal(("asha", "valid", "officer"), (one["name"]!.ToString(), one["state"]!.ToString(), one["roles"]![0]!.ToString()));
        var left = one["expires_at"]!.GetValue<DateTimeOffset>() - DateTimeOffset.UtcNow;
        Assert.InRange(left, TimeSpan.FromDays(89), TimeSpan.FromDays(90));
    }

    [Fact]
    public async Task Revoking_a_key_ends_it_and_every_session_begun_with_it_without_a_restart()
    {
        await using var stack = await StartAsync();
        var key = await KeyDesk.CreateAsync(stack, "meera", "operator");
        var other = await KeyDesk.CreateAsync(stack, "imran", "officer");
        using var client = stack.Api.CreateClient(key);
        using var spared = stack.Api.CreateClient(other);
        using var visitor = new Visitor(stack.Api.Address);
        await Eventually.TrueAsync(async () => (await client.GetAsync("/list_firs")).Status == 200, "the service takes the key");
        Assert.Equal(303, (await visitor.SignInAsync(key)).Status);
        (await visitor.GetAsync("/list_firs")).RequireOk();
        var stream = visitor.StreamAsync("/status/events", TestContext.Current.CancellationToken);

        (await ServiceCommand.RunAsync(stack, "key", "revoke", "meera")).RequireOk();

        var refused = await Eventually.SeesAsync(() => client.GetAsync("/list_firs"), reply => reply.Status == 401);
        BadInputTests.AssertProblem(refused, 401, "key-revoked", "meera");
        Assert.Equal("key-revoked", (await visitor.GetAsync("/list_firs")).ProblemType);
        Assert.StartsWith("/sign-in", (await visitor.GetAsync("/firs", "text/html")).Headers["Location"], StringComparison.Ordinal);
        Assert.Contains("event: status", await stream, StringComparison.Ordinal); // and it has ended
        Assert.Equal(401, (await visitor.SignInAsync(key)).Status);
        (await spared.GetAsync("/list_firs")).RequireOk();
        await stack.RestartAsync(kill: true);
        using var again = stack.Api.CreateClient(key);
        Assert.Equal("key-revoked", (await again.GetAsync("/list_firs")).ProblemType);
    }

    [Fact]
    public async Task A_key_ends_when_its_time_is_over_and_so_does_its_session()
    {
        var over = _desk.Write("past", Role.All, DateTimeOffset.UtcNow.AddSeconds(-1));
        await using var stack = await StartAsync();
        var key = _desk.Write("vikram", Role.Officer, DateTimeOffset.UtcNow.AddSeconds(12));
        using var client = stack.Api.CreateClient(key);
        using var late = stack.Api.CreateClient(over);
        using var visitor = new Visitor(stack.Api.Address);

        BadInputTests.AssertProblem(await late.GetAsync("/list_firs"), 401, "key-expired", "past", "Ask for a new one");
        await Eventually.TrueAsync(async () => (await client.GetAsync("/list_firs")).Status == 200, "the service takes the key");
        Assert.Equal(303, (await visitor.SignInAsync(key)).Status);

        await Eventually.TrueAsync(async () => (await client.GetAsync("/list_firs")).ProblemType == "key-expired", "its time is over");
        Assert.Equal("key-expired", (await visitor.GetAsync("/list_firs")).ProblemType);
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("{\"format\":1,\"keys\":[", "line 1")]
    [InlineData("{\"format\":2,\"keys\":[]}", "format")]
    [InlineData("{\"format\":1,\"keys\":[],\"more\":1}", "line 1")]
    [InlineData("{\"format\":1,\"keys\":[null]}", "a key is empty")]
    [InlineData("twice", "twice")]
    [InlineData("no-role", "roles")]
    [InlineData("other-hash", "do not fit")]
    public async Task A_damaged_key_file_stops_the_start_with_one_line(string damage, string said)
    {
        _desk.Write("asha", Role.Officer, null);
        Damage(damage);
        using var folder = new TemporaryFolder();
        await using var api = ApiProcess.Launch(folder.File("data"), _desk.Equip());

        Assert.Equal(78, await api.WaitForExitAsync());
        var line = Assert.Single(api.Log, line => line.StartsWith("AfirGen cannot start:", StringComparison.Ordinal));
        Assert.Contains(_desk.File, line, StringComparison.Ordinal);
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.DoesNotContain(api.Log, l => l.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_damaged_key_file_changes_nothing_while_the_service_runs_and_shows_everywhere()
    {
        var key = _desk.Write("asha", Role.Officer, null);
        await using var stack = await StartAsync();
        using var client = stack.Api.CreateClient(key);
        (await client.GetAsync("/list_firs")).RequireOk();
        var whole = await File.ReadAllBytesAsync(_desk.File, TestContext.Current.CancellationToken);

        await File.WriteAllBytesAsync(_desk.File, whole[..^20], TestContext.Current.CancellationToken);

        await stack.Api.WaitForLogAsync("The keys of before stay in force");
        (await client.GetAsync("/list_firs")).RequireOk();
        var health = await Eventually.SeesAsync(() => stack.Client.GetAsync("/health"), reply => reply["status"] == "degraded");
        Assert.Contains("API key file", health.Text, StringComparison.Ordinal);
        await Scrape.WaitForAsync(stack.Client, scrape => scrape.Sum(Metric.KeyFileOk.Name) == 0, "the metric says so");
        File.Delete(_desk.File);
        await stack.Api.WaitForLogAsync("is gone");
        (await client.GetAsync("/list_firs")).RequireOk();

        await File.WriteAllBytesAsync(_desk.File, whole, TestContext.Current.CancellationToken);

        await Scrape.WaitForAsync(stack.Client, scrape => scrape.Sum(Metric.KeyFileOk.Name) == 1, "it is mended");
        (await ServiceCommand.RunAsync(stack, "key", "revoke", "asha")).RequireOk();
        await Eventually.TrueAsync(async () => (await client.GetAsync("/list_firs")).Status == 401, "it can be revoked again");
    }

    [Fact]
    public async Task With_an_empty_key_file_nobody_gets_in_until_a_key_is_created()
    {
        await using var stack = await EmbeddedStack.StartAsync(_desk.Equip());

        Assert.Equal(401, (await stack.Client.GetAsync("/list_firs")).Status);
        var key = await KeyDesk.CreateAsync(stack, "first", "officer", "registrar", "operator");

        using var client = stack.Api.CreateClient(key);
        await Eventually.TrueAsync(async () => (await client.GetAsync("/list_firs")).Status == 200, "the first key is taken");
        await Journeys.RegisterAsync(client);
        (await client.PostAsync("/operations/drain")).RequireOk();
    }

    [Fact]
    public async Task Of_two_commands_at_once_one_is_refused_and_nothing_is_lost()
    {
        await using var stack = await StartAsync();
        await KeyDesk.CreateAsync(stack, "asha", "officer");
        CommandResult refused;
        // Held so that others may hold it too: only who wants to be alone is refused.
        using (new FileStream(_desk.File + ".lock", FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            refused = await ServiceCommand.RunAsync(stack, "key", "revoke", "asha");
        }

        Assert.Equal(78, refused.ExitCode);
        Assert.Contains("another command", refused.Error, StringComparison.Ordinal);
        Assert.Null(
            new KeyFile(_desk.File).Parse(await File.ReadAllBytesAsync(_desk.File, TestContext.Current.CancellationToken))[0].RevokedAt
        );
    }

    [Theory]
    [InlineData("--role must be", "key", "create", "--name", "a", "--role", "king")]
    [InlineData("--role must be", "key", "create", "--name", "a", "--role", "7")]
    [InlineData("--role must be", "key", "create", "--name", "a", "--role", "officer", "--role", "4")]
    [InlineData("--name has", "key", "create", "--name", "a b", "--role", "officer")]
    [InlineData("--expires soon", "key", "create", "--name", "a", "--role", "officer", "--expires", "soon")]
    [InlineData("--expires 0d", "key", "create", "--name", "a", "--role", "officer", "--expires", "0d")]
    [InlineData("No key", "key", "revoke", "nobody")]
    public async Task A_command_that_cannot_be_meant_changes_nothing_and_says_why(string said, params string[] arguments)
    {
        await using var stack = EmbeddedStack.Prepared(_desk.Equip());

        var result = await ServiceCommand.RunAsync(stack, arguments);

        Assert.Equal(78, result.ExitCode);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_desk.File));
    }

    [Fact]
    public async Task A_key_that_was_mistyped_is_told_from_a_strange_one()
    {
        await using var stack = await StartAsync();
        var key = KeyText.New();
        using var mistyped = stack.Api.CreateClient(key[..^1] + (key[^1] == '0' ? '1' : '0'));
        using var strange = stack.Api.CreateClient(key);

        BadInputTests.AssertProblem(await mistyped.GetAsync("/list_firs"), 401, "unauthorized", "mistyped");
        Assert.Equal("Invalid API key", (await strange.GetAsync("/list_firs"))["detail"]);
    }

    public void Dispose() => _desk.Dispose();

    private Task<EmbeddedStack> StartAsync() => EmbeddedStack.StartAsync(_desk.Equip(new() { ["AfirGen:ApiKey"] = Configured }));

    private void Damage(string how)
    {
        var content = JsonNode.Parse(File.ReadAllText(_desk.File))!;
        var keys = content["keys"]!.AsArray();
        switch (how)
        {
            case "twice":
                keys.Add(keys[0]!.DeepClone());
                break;
            case "no-role":
                keys[0]!["roles"] = new JsonArray("king");
                break;
            case "other-hash":
                keys[0]!["sha256"] = new string('0', 64);
                break;
            default:
                File.WriteAllText(_desk.File, how);
                return;
        }

        File.WriteAllText(_desk.File, content.ToJsonString());
    }
}
