using AfirGen.Api.Access;
using AfirGen.Tests.Backup;
using AfirGen.Tests.Browser;
using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Audit;

/// <summary>Who did what: one record for each thing that counts, in the transaction of the thing itself.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task Every_step_from_the_complaint_to_the_print_has_a_record_of_who_took_it()
    {
        await using var stack = await EmbeddedStack.StartAsync(PageStack.Settings());
        using var asha = stack.Api.CreateClient(PageStack.Officer);
        using var imran = stack.Api.CreateClient(PageStack.Registrar);

        var journey = await Journey.BeginAsync(asha, Complaints.Theft);
        (await asha.RegenerateAsync(journey.SessionId, "transcript_review")).RequireOk();
        (await asha.CorrectAsync(journey.SessionId, "The bag was blue")).RequireOk();
        await journey.CompleteAsync();
        Assert.Equal(401, (await imran.AuthenticateAsync(journey.FirNumber, "wrong-auth-key")).Status);
        var registered = (await imran.AuthenticateAsync(journey.FirNumber, TestStack.AuthKey)).RequireOk();
        await stack.DeliveredAsync();
        (await imran.GetAsync($"/fir/{journey.FirNumber}/content")).RequireOk();
        (await imran.GetAsync($"/view_fir/{journey.FirNumber}")).RequireOk();
        (await imran.GetAsync($"/fir/{journey.FirNumber}/print")).RequireOk();

        // Polls of the page are noted once: of asha.
        var records = await stack.Stores.AuditedAsync($"subject = '{journey.FirNumber}'", 15);
        Assert.Equal(
            [
                "asha process version 2",
                "asha read done",
                "asha regenerate version 3",
                "asha correct version 5",
                "asha approve",
                "asha approve",
                "asha approve",
                "asha approve",
                "asha approve",
                "imran register wrong auth_key",
                "imran register requested",
                $"service register {registered["registration_number"]}",
                "imran read done",
                "imran read done",
                "imran print done",
            ],
            records
                .Select(r => r.Action == "approve" ? $"{r.KeyName} approve" : $"{r.KeyName} {r.Action} {r.Outcome}")
                // When a poll was noted is nobody's promise.
                .OrderBy(line =>
                    line == "asha process version 2" ? 0
                    : line == "asha read done" ? 1
                    : 2
                )
        );
        Assert.All(records.Where(r => r.KeyName != "service"), r => Assert.Equal("127.0.0.1", r.Address));
        Assert.Equal("officer,registrar", records.First(r => r.KeyName == "imran").Roles);
    }

    [Theory]
    [InlineData("P1", 0)] // before the commit
    [InlineData("P6", 1)] // after it, before the answer
    public async Task G2_a_write_and_its_record_are_there_together_or_not_at_all(string crashPoint, int expected)
    {
        await using var stack = await EmbeddedStack.StartAsync(
            new Dictionary<string, string> { ["AfirGen:Testing:CrashPoint"] = crashPoint }
        );
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => stack.Client.ProcessAsync("A bag was stolen"));
        await stack.Api.WaitForExitAsync();

        Assert.Equal(expected, stack.Stores.JournalCount("session_rows"));
        Assert.Equal(expected, stack.Stores.Audit("action = 'process'").Count);
    }

    [Fact]
    public async Task G3_a_request_that_is_repeated_has_one_record_and_one_that_was_refused_has_none()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        var processed = (await stack.Client.ProcessAsync("A bag was stolen", "the-key")).RequireOk();
        Assert.Equal("true", (await stack.Client.ProcessAsync("A bag was stolen", "the-key")).Headers["Idempotency-Replayed"]);
        Assert.Equal("key-reused", (await stack.Client.ProcessAsync("Another", "the-key")).ProblemType);
        Assert.Equal("step-not-current", (await stack.Client.ApproveAsync(processed["session_id"], "final_review")).ProblemType);

        Assert.Equal([$"local process {processed["fir_number"]} version 2"], stack.Stores.Audit().Select(r => r.ToString()));
    }

    [Fact]
    public async Task Signing_in_and_out_and_every_key_that_is_refused_are_recorded()
    {
        await using var stack = await EmbeddedStack.StartAsync(PageStack.Settings());
        using var visitor = new Visitor(stack.Api.Address);
        Assert.Equal(401, (await visitor.SignInAsync("no-key-of-anybody")).Status);
        Assert.Equal(303, (await visitor.SignInAsync(PageStack.Operator)).Status);
        Assert.Equal(303, (await visitor.SignOutAsync()).Status);
        Assert.Equal(303, (await visitor.SignOutAsync()).Status); // nobody is signed in: no record
        using var stranger = stack.Api.CreateClient("another-strange-key");
        Assert.Equal(401, (await stranger.GetAsync("/list_firs")).Status);
        using var officer = stack.Api.CreateClient(PageStack.Officer);
        Assert.Equal(403, (await officer.PostAsync("/operations/drain")).Status);

        var records = await stack.Stores.AuditedAsync("1 = 1", 5);
        Assert.Equal(
            [
                " key-refused form unknown",
                " key-refused header unknown",
                "asha key-refused  no operator",
                "meera sign-in  done",
                "meera sign-out  done",
            ],
            records.Select(r => r.ToString()).Order(StringComparer.Ordinal)
        );
        Assert.All(records, r => Assert.Equal("127.0.0.1", r.Address));
        Assert.DoesNotContain(stack.Stores.Audit(), r => r.ToString().Contains("strange", StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_a_disk_that_is_nearly_full_no_guess_and_no_sign_in_grows_the_log_and_operators_are_recorded()
    {
        SmallDisk.RequireMounting();
        using var disk = new SmallDisk(mebibytes: 16); // all of it is reserve
        await using var stack = EmbeddedStack.Prepared(PageStack.Settings());
        stack.Settings["AfirGen:Journal:MinFreeMebibytes"] = "64";
        Directory.CreateSymbolicLink(stack.DataFolder, Directory.CreateDirectory(Path.Combine(disk.Path, "data")).FullName);
        await stack.StartApiAsync();
        using var stranger = stack.Api.CreateClient("no-key-of-anybody");
        Assert.Equal(401, (await stranger.GetAsync("/list_firs")).Status);
        using var registrar = stack.Api.CreateClient(PageStack.Registrar);
        Assert.Equal(401, (await registrar.AuthenticateAsync("FIR-1a2b3c4d-20261126083000", "wrong-auth-key")).Status);
        using var visitor = new Visitor(stack.Api.Address);
        Assert.Equal(303, (await visitor.SignInAsync(PageStack.Officer)).Status);
        Assert.Equal(303, (await visitor.SignOutAsync()).Status);
        using var meera = stack.Api.CreateClient(PageStack.Operator);
        (await meera.PostAsync("/reliability/circuit-breaker/database/reset")).RequireOk();

        Assert.Equal(["meera reset-breaker database requested"], stack.Stores.Audit().Select(r => r.ToString()));
        await Eventually.TrueAsync(
            () => stack.Api.Log.Count(line => line.Contains("Not in the audit log", StringComparison.Ordinal)) == 4,
            "what is not recorded is logged"
        );
    }

    [Fact]
    public async Task Operators_are_recorded_before_what_they_do_and_backups_when_they_are_stored()
    {
        using var desk = new BackupDesk();
        await using var stack = EmbeddedStack.Prepared();
        desk.Equip(stack);
        await stack.StartApiAsync();
        await BackupDesk.TakeAsync(stack);
        (await stack.Client.PostAsync("/reliability/circuit-breaker/database/reset")).RequireOk();
        (await stack.Client.PostAsync("/reliability/auto-recovery/database/trigger")).RequireOk();
        // What is unknown happens to nothing, and no text that a client makes up stands in the log for good.
        Assert.Equal(404, (await stack.Client.PostAsync("/reliability/circuit-breaker/Lata%20Devi/reset")).Status);
        Assert.Equal(404, (await stack.Client.PostAsync("/reliability/auto-recovery/a%0A%20%20%20%20%20%20%2042/trigger")).Status);
        (await stack.Client.PostAsync("/operations/drain")).RequireOk();
        (await stack.Client.PostAsync("/operations/resume")).RequireOk();

        Assert.Equal(
            [
                "local backup  requested",
                $"service backup {Path.GetFileName(desk.Stored[0])} stored",
                "local reset-breaker database requested",
                "local trigger-recovery database requested",
                "local drain  requested",
                "local resume  requested",
            ],
            stack.Stores.Audit().Select(r => r.ToString())
        );
    }

    [Fact]
    public async Task A_key_that_was_changed_by_hand_or_by_an_old_copy_is_recorded_of_nobody_whose_name_stands_in_the_file()
    {
        using var keys = new KeyDesk();
        keys.Write("asha", Role.Officer, null);
        await using var stack = await EmbeddedStack.StartAsync(keys.Equip(new() { ["AfirGen:ApiKey"] = "a-configured-key" }));
        await stack.Stores.AuditedAsync("action = 'key-create'", 1);
        var copy = await File.ReadAllBytesAsync(keys.File, TestContext.Current.CancellationToken);
        keys.Edit(key => key with { Name = "lata" });
        await stack.Stores.AuditedAsync("action = 'key-change'", 1);
        keys.Edit(key => key with { Roles = ["operator"] });
        await stack.Stores.AuditedAsync("action = 'key-change'", 2);
        await File.WriteAllBytesAsync(keys.File, copy, TestContext.Current.CancellationToken);
        await stack.Stores.AuditedAsync("action = 'key-change'", 3);
        (await ServiceCommand.RunAsync(stack, "key", "revoke", "asha")).RequireOk();
        await stack.Stores.AuditedAsync("action = 'key-revoke'", 1);
        await File.WriteAllBytesAsync(keys.File, copy, TestContext.Current.CancellationToken); // it is valid again
        await stack.Stores.AuditedAsync("action = 'key-change'", 4);
        keys.Edit(key => key with { RevokedAt = DateTimeOffset.UtcNow });
        await stack.Stores.AuditedAsync("action = 'key-revoke'", 2);

        var self = $"account {Environment.UserName}";
        Assert.Equal(
            [
                $"{self} key-create asha: officer",
                "account unknown key-change lata: officer",
                "account unknown key-change lata: operator",
                "account unknown key-change asha: officer",
                $"{self} key-revoke asha: officer",
                "account unknown key-change asha: officer",
                "account unknown key-revoke asha: officer",
            ],
            stack.Stores.Audit("action LIKE 'key-%'").Select(r => $"{r.KeyName} {r.Action} {r.Outcome.Split(" until")[0]}")
        );
    }

    /// <summary>docs/security.md says so: nothing in the file tells it from what a command does.</summary>
    [Fact]
    public async Task A_key_that_was_added_or_only_revoked_by_hand_is_recorded_of_the_account_that_the_file_names()
    {
        using var keys = new KeyDesk();
        keys.Write("asha", Role.Officer, null);
        await using var stack = await EmbeddedStack.StartAsync(keys.Equip(new() { ["AfirGen:ApiKey"] = "a-configured-key" }));
        await stack.Stores.AuditedAsync("action = 'key-create'", 1);

        keys.Add(StoredKey.New(KeyText.New(), "lata", Role.Operator, DateTimeOffset.UtcNow, null) with { CreatedBy = "innocent" });
        await stack.Stores.AuditedAsync("action = 'key-create'", 2);
        keys.Edit(key => key with { RevokedAt = DateTimeOffset.UtcNow, RevokedBy = "uninvolved" });
        await stack.Stores.AuditedAsync("action = 'key-revoke'", 1);

        Assert.Equal(
            [
                $"account {Environment.UserName} key-create asha: officer",
                "account innocent key-create lata: operator",
                "account uninvolved key-revoke asha: officer",
            ],
            stack.Stores.Audit("action LIKE 'key-%'").Select(r => $"{r.KeyName} {r.Action} {r.Outcome.Split(" until")[0]}")
        );
    }

    [Fact]
    public async Task Keys_that_a_command_created_and_revoked_and_a_restore_are_recorded_once()
    {
        using var keys = new KeyDesk();
        using var desk = new BackupDesk();
        await using var stack = EmbeddedStack.Prepared(keys.Equip(new() { ["AfirGen:ApiKey"] = "a-configured-key" }));
        desk.Equip(stack);
        await stack.StartApiAsync();
        await KeyDesk.CreateAsync(stack, "asha", "officer");
        await stack.Stores.AuditedAsync("action = 'key-create'", 1);
        (await ServiceCommand.RunAsync(stack, "key", "revoke", "asha")).RequireOk();
        await stack.Stores.AuditedAsync("action = 'key-revoke'", 1);
        await stack.RestartAsync(kill: true);
        File.Delete(keys.File); // and begun anew: what is gone is recorded too
        await KeyDesk.CreateAsync(stack, "meera", "operator");
        await stack.Stores.AuditedAsync("action = 'key-remove'", 1);

        var account = $"account {Environment.UserName}";
        var actions = stack.Stores.Audit("action LIKE 'key-%'");
        Assert.Equal(["key-create", "key-create", "key-remove", "key-revoke"], actions.Select(r => r.Action).Order(StringComparer.Ordinal));
        Assert.Equal(3, actions.Count(r => r.KeyName == account));
        Assert.All(actions.Where(r => r.Action == "key-create"), r => Assert.Matches("^key [0-9a-f]{16} (asha|meera)$", r.Subject));

        var backup = await BackupDesk.TakeAsync(stack);
        await using var restored = EmbeddedStack.Prepared(keys.Equip(new() { ["AfirGen:ApiKey"] = "a-configured-key" }));
        (await desk.RunAsync(restored, "restore", backup, "--skip-serials", "0")).RequireOk();
        await restored.StartApiAsync();
        await restored.RestartAsync();
        var record = Assert.Single(restored.Stores.Audit("action = 'restore'"));
        Assert.Equal((account, Path.GetFileName(backup)), (record.KeyName, record.Subject));
        (await ServiceCommand.RunAsync(restored, "audit")).RequireOk(); // the chain goes on behind the backup's end
    }
}
