using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Registry;

/// <summary>Two processes with a journal each, one MySQL: whichever service an officer reaches, there is one register.</summary>
[Collection(MySqlTests.Name)]
public sealed class TwoServicesTests(MySqlServer server) : IAsyncLifetime
{
    // 2000 take 60 to 100 s on two cores; AFIRGEN_REGISTRATIONS asks for another number.
    private const int DefaultRegistrations = 600;
    private const int Clients = 32;
    private const int Steps = 5;
    private const int OneInElsewhere = 4;
    private const int PageSize = 1000;
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _settings = new() { ["AfirGen:FinalisationKey"] = EmbeddedStack.AuthKey };
    private readonly ApiProcess[] _services = new ApiProcess[2];
    private readonly ApiClient[] _clients = new ApiClient[2];
    private string _database = "";

    private static int Registrations =>
        int.TryParse(Environment.GetEnvironmentVariable("AFIRGEN_REGISTRATIONS"), CultureInfo.InvariantCulture, out var count)
            ? count
            : DefaultRegistrations;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _settings["ConnectionStrings:firdb"] = server.RootConnectionString(_database);
        await Task.WhenAll(StartAsync(0), StartAsync(1)); // both migrate
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (client, service) in _clients.Zip(_services))
        {
            client?.Dispose();
            if (service is not null)
            {
                await service.DisposeAsync();
            }
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task G5_registrations_of_many_clients_through_both_are_gapless_and_every_receipt_holds()
    {
        var numbers = new ConcurrentQueue<int>(Enumerable.Range(0, Registrations));
        var given = new ConcurrentBag<(int Service, JsonNode Receipt)>();
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => WorkAsync(client % 2))));
        var took = TimeProvider.System.GetElapsedTime(started);
        TestContext.Current.TestOutputHelper?.WriteLine($"{given.Count} registrations by {Clients} clients in {took.TotalSeconds:F1} s");

        var receipts = given.OrderBy(one => (long)one.Receipt["ledger_position"]!).ToList();
        var wanted = Enumerable.Range(1, Registrations).Select(i => (long)i).ToList();
        Assert.Equal(wanted, receipts.Select(one => (long)one.Receipt["ledger_position"]!));
        Assert.Equal(wanted, receipts.Select(one => (long)one.Receipt["serial"]!).Order());
        Assert.Equal(Registrations, receipts.Select(one => one.Receipt["fir_number"]!.ToString()).Distinct().Count());
        Assert.Equal(
            Registrations,
            await server.ScalarAsync<long>("SELECT COUNT(*) FROM fir_records WHERE status = 'finalized'", _database)
        );
        Assert.Equal(Registrations, await server.ScalarAsync<long>("SELECT last_serial FROM registration_counters", _database));

        await AssertEachHoldsAsync(receipts);
        for (var service = 0; service < 2; service++)
        {
            Assert.Equal(receipts[^1].Receipt["record_hash"]!.ToString(), await WalkAsync(_clients[service]));
        }

        async Task WorkAsync(int service)
        {
            while (numbers.TryDequeue(out var number))
            {
                var firNumber = await DraftAsync(service, $"n{number}");
                // Some officers go to the other service with an FIR that this one has never seen.
                var registrar = number % OneInElsewhere == 0 ? 1 - service : service;
                var answer = await UntilOkAsync(() =>
                    _clients[registrar].AuthenticateAsync(firNumber, EmbeddedStack.AuthKey, $"n{number}-r")
                );
                Assert.Equal(firNumber, answer["fir_number"]);
                given.Add((registrar, answer.Json["receipt"]!));
            }
        }
    }

    [Fact]
    public async Task G3_a_registration_is_answered_byte_for_byte_the_same_after_a_restart_and_a_kill()
    {
        var firNumber = await DraftAsync(0, "once");
        var first = (await _clients[0].AuthenticateAsync(firNumber, EmbeddedStack.AuthKey, "once-r")).RequireOk();
        foreach (var kill in (bool[])[false, true])
        {
            if (kill)
            {
                await _services[0].KillAsync();
            }
            else
            {
                Assert.Equal(0, await _services[0].StopAsync());
            }

            await _services[0].DisposeAsync();
            await StartAsync(0);
            var again = (await _clients[0].AuthenticateAsync(firNumber, EmbeddedStack.AuthKey, "once-r")).RequireOk();
            Assert.Equal(first.Body, again.Body); // a new signature would have other bytes
            Assert.Equal("true", again.Headers["Idempotency-Replayed"]);
        }

        Assert.Equal(1, await server.ScalarAsync<long>("SELECT last_serial FROM registration_counters", _database));
    }

    [Fact]
    public async Task G5_an_fir_that_both_are_asked_to_register_at_once_gets_one_serial()
    {
        const int count = 20;
        for (var i = 0; i < count; i++)
        {
            var firNumber = await DraftAsync(i % 2, $"both{i}");
            var answers = await Task.WhenAll(
                Enumerable.Range(0, 2).Select(s => _clients[s].AuthenticateAsync(firNumber, EmbeddedStack.AuthKey, $"both{i}-{s}"))
            );
            Assert.Equal([200, 409], answers.Select(answer => answer.Status).Order());
        }

        Assert.Equal(count, await server.ScalarAsync<long>("SELECT last_serial FROM registration_counters", _database));
        await WalkAsync(_clients[0]);
    }

    private async Task StartAsync(int service)
    {
        _clients[service]?.Dispose();
        _services[service] = await ApiProcess.StartAsync(_folder.File($"data{service}"), _settings);
        _clients[service] = _services[service].CreateClient();
        await Eventually.TrueAsync(
            async () => (await _clients[service].GetAsync("/health"))["status"] == "healthy",
            $"service {service} has reached MySQL"
        );
    }

    /// <summary>A session with all steps approved, in MySQL.</summary>
    private async Task<string> DraftAsync(int service, string key)
    {
        var client = _clients[service];
        var created = await UntilOkAsync(() => client.ProcessAsync(Complaints.Theft, $"{key}-p"));
        for (var step = 0; step < Steps; step++)
        {
            await UntilOkAsync(() => client.ApproveAsync(created["session_id"], key: $"{key}-{step}"));
        }

        var firNumber = created["fir_number"];
        await Eventually.TrueAsync(
            async () => (await _clients[1 - service].GetAsync($"/fir/{firNumber}"))["status"] == "pending",
            $"the other service sees {firNumber} waiting for registration"
        );
        return firNumber;
    }

    /// <summary>As a client does it that was promised that a repeated key has one effect.</summary>
    private static async Task<Reply> UntilOkAsync(Func<Task<Reply>> send)
    {
        Reply? reply = null;
        await Eventually.TrueAsync(async () => (reply = await send()).Status is not (503 or 504), "an answer other than 503 and 504");
        return reply!.RequireOk();
    }

    /// <summary>The signature with the key of the service that gave it, the hash with the ledger as the other service reads it.</summary>
    private async Task AssertEachHoldsAsync(List<(int Service, JsonNode Receipt)> receipts)
    {
        using var key0 = await PublicKeyAsync(_clients[0]);
        using var key1 = await PublicKeyAsync(_clients[1]);
        ECDsa[] keys = [key0, key1];
        var previous = new string('0', 64);
        foreach (var (service, receipt) in receipts)
        {
            var (text, signature) = (receipt["signed_text"]!.ToString(), Convert.FromBase64String(receipt["signature"]!.ToString()));
            var format = DSASignatureFormat.Rfc3279DerSequence;
            Assert.True(keys[service].VerifyData(Encoding.UTF8.GetBytes(text), signature, HashAlgorithmName.SHA256, format), text);
            Assert.False(keys[1 - service].VerifyData(Encoding.UTF8.GetBytes(text), signature, HashAlgorithmName.SHA256, format), text);
            foreach (var field in (string[])["fir_number", "registration_number", "ledger_position", "previous_hash", "record_hash"])
            {
                Assert.Contains($"\n{field}:{receipt[field]}\n", text, StringComparison.Ordinal);
            }

            Assert.Equal(previous, receipt["previous_hash"]!.ToString());
            previous = receipt["record_hash"]!.ToString();
        }

        await Parallel.ForEachAsync(
            receipts,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Running.Test },
            async (one, _) =>
            {
                var page = await _clients[1 - one.Service].GetAsync($"/ledger/verify?from={one.Receipt["ledger_position"]}&limit=1");
                Assert.Equal("true", page.RequireOk()["ok"]);
                Assert.Equal(one.Receipt["record_hash"]!.ToString(), page["head_hash"]);
            }
        );
    }

    private static async Task<ECDsa> PublicKeyAsync(ApiClient client)
    {
        var key = ECDsa.Create();
        key.ImportFromPem((await client.GetAsync("/ledger/key")).RequireOk().Text);
        return key;
    }

    /// <summary>Verifies page by page to the end.</summary>
    /// <returns>The hash that the ledger ends with.</returns>
    private static async Task<string> WalkAsync(ApiClient client)
    {
        var from = 1L;
        while (true)
        {
            var page = (await client.GetAsync($"/ledger/verify?from={from}&limit={PageSize}")).RequireOk();
            Assert.Equal("true", page["ok"]);
            if (page["complete"] == "true")
            {
                return page["head_hash"];
            }

            from = (long)page.Json["verified_to"]! + 1;
        }
    }
}
