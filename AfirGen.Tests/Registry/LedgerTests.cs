using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Tests.Stack;
using CliWrap;

namespace AfirGen.Tests.Registry;

public sealed class EmbeddedLedgerTests : LedgerContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedRegistry? _registry;

    [Fact]
    public async Task G6_the_service_finds_at_its_start_that_the_end_was_cut_off_while_it_was_away()
    {
        await Fill();
        await using (var api = await ApiProcess.StartAsync(_folder.Path))
        {
            await UntilAsync(() => new Stores(_folder.Path).JournalCount("ledger_checkpoints") == 1);
            using var client = api.CreateClient();
            var verified = await client.GetAsync("/ledger/verify");
            Assert.Equal(("true", "3", "true"), (verified["ok"], verified["verified_to"], verified["complete"]));
            Assert.Equal("2", (await client.GetAsync("/ledger/verify?from=2&limit=1"))["verified_to"]);
            Assert.Equal("true", (await client.GetAsync("/ledger/verify?from=50"))["ok"]);
            Assert.Equal(0, await api.StopAsync());
        }

        await TamperAsync(
            "DELETE FROM fir_records WHERE ledger_position = 3; UPDATE ledger_head SET position = 2, hash = (SELECT record_hash FROM fir_records WHERE ledger_position = 2)"
        );
        await using (var api = await ApiProcess.StartAsync(_folder.Path))
        {
            await api.WaitForLogAsync("DATA LOSS: the ledger is broken at position 3");
            using var client = api.CreateClient();
            var health = await client.GetAsync("/health");
            Assert.Equal("degraded", health["status"]);
            Assert.Contains("cut back", health.Text, StringComparison.Ordinal);
            Assert.Contains("afirgen_data_loss_incidents_total", (await client.GetAsync("/metrics")).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task G6_a_receipt_is_checked_offline_with_openssl()
    {
        await Fill();
        await using var api = await ApiProcess.StartAsync(_folder.Path);
        using var client = api.CreateClient();
        var receipt = await client.GetAsync("/fir/FIR-s2/receipt");
        Assert.Equal(("PS/2026/0002", "2"), (receipt["registration_number"], receipt["ledger_position"]));
        Assert.Contains($"record_hash:{receipt["record_hash"]}\n", receipt["signed_text"], StringComparison.Ordinal);
        Assert.Equal(404, (await client.GetAsync("/fir/FIR-nobody/receipt")).Status);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("ledger.key")));
        }

        await File.WriteAllTextAsync(_folder.File("key.pem"), (await client.GetAsync("/ledger/key")).Text, Running.Test);
        await File.WriteAllBytesAsync(_folder.File("receipt.sig"), Convert.FromBase64String(receipt["signature"]), Running.Test);
        await File.WriteAllTextAsync(_folder.File("receipt.txt"), receipt["signed_text"], Running.Test);
        Assert.Equal(0, await VerifyAsync());
        await File.WriteAllTextAsync(
            _folder.File("receipt.txt"),
            receipt["signed_text"].Replace("0002", "0003", StringComparison.Ordinal),
            Running.Test
        );
        Assert.NotEqual(0, await VerifyAsync());
    }

    private async Task<int> VerifyAsync()
    {
        var result = await Cli.Wrap("openssl")
            .WithArguments(["dgst", "-sha256", "-verify", "key.pem", "-signature", "receipt.sig", "receipt.txt"])
            .WithWorkingDirectory(_folder.Path)
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync(Running.Test);
        return result.ExitCode;
    }

    private protected override async Task<IRegistry> OpenAsync()
    {
        _registry = RegistryBench.Embedded(_folder);
        await _registry.OpenAsync(Running.Test);
        return _registry;
    }

    private protected override Task TamperAsync(string sql)
    {
        Stores.Tamper(
            new Stores(_folder.Path).RegistryFile,
            $"DROP TRIGGER IF EXISTS finalized_records_never_change; DROP TRIGGER IF EXISTS records_are_never_deleted; DROP TRIGGER IF EXISTS the_ledger_only_grows; {sql}"
        );
        return Task.CompletedTask;
    }

    private async Task Fill()
    {
        var registry = await OpenAsync();
        await registry.DeliverAsync([.. Enumerable.Range(1, 3).SelectMany(i => Changes.WholeSession($"s{i}"))], Running.Test);
        _registry!.Dispose();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(100, limit.Token);
        }
    }

    public void Dispose()
    {
        _registry?.Dispose();
        _folder.Dispose();
    }
}

[Collection(MySqlTests.Name)]
public sealed class MySqlLedgerTests(MySqlServer server) : LedgerContract
{
    private string _database = "";

    private protected override async Task<IRegistry> OpenAsync()
    {
        _database = await server.CreateDatabaseAsync();
        var registry = RegistryBench.MySql(server.RootConnectionString(_database));
        await registry.OpenAsync(Running.Test);
        return registry;
    }

    private protected override Task TamperAsync(string sql) =>
        server.ExecuteAsync(
            $"DROP TRIGGER finalized_records_never_change; DROP TRIGGER records_are_never_deleted; DROP TRIGGER the_ledger_only_grows; {sql}",
            _database
        );
}
