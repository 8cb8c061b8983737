using System.Diagnostics;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Ledger;

namespace AfirGen.Tests.Registry;

/// <summary>The connection breaks at the worst moments: nothing is guessed, nothing happens twice, and "unknown" is said only when it is (G1, G3, G8).</summary>
[Collection(MySqlTests.Name)]
public sealed class MySqlCutTests(MySqlServer server)
{
    private static readonly Func<string, bool> Commit = packet => packet.EndsWith("commit", StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData(nameof(Cut.BeforeServer))]
    [InlineData(nameof(Cut.AfterServer))]
    [InlineData(nameof(Cut.Late))]
    public async Task A_cut_during_commit_is_resolved_by_reading_back(string how)
    {
        var (proxy, registry, database) = await OpenAsync();
        using (proxy)
        {
            proxy.How = Enum.Parse<Cut>(how);
            proxy.CutAt = Commit;
            var outcomes = await registry.DeliverAsync(Changes.WholeSession("a"), Running.Test);

            Assert.Equal(1, proxy.Cuts);
            var registered = Assert.IsType<Registered>(outcomes[2]);
            Assert.All(outcomes.Take(2), outcome => Assert.IsType<Recorded>(outcome));
            Assert.Equal((1L, 1L), (registered.Registration.Serial, registered.Entry.Position));
            Assert.Equal(registered, (await registry.DeliverAsync([Changes.Register("a")], Running.Test))[0]);
            Assert.Equal(1, await server.ScalarAsync<long>("SELECT COUNT(*) FROM fir_records", database));
            Assert.Equal(1, await server.ScalarAsync<long>("SELECT position FROM ledger_head", database));
        }
    }

    [Theory]
    [InlineData(nameof(Cut.BeforeServer))]
    [InlineData(nameof(Cut.AfterServer))]
    [InlineData(nameof(Cut.Late))]
    public async Task A_cut_during_the_commit_of_drafts_is_resolved_too(string how)
    {
        var (proxy, registry, database) = await OpenAsync();
        using (proxy)
        {
            proxy.How = Enum.Parse<Cut>(how);
            proxy.CutAt = Commit;
            Assert.All(
                await registry.DeliverAsync([Changes.Draft("a"), Changes.Draft("b")], Running.Test),
                outcome => Assert.IsType<Recorded>(outcome)
            );
            Assert.Equal(1, proxy.Cuts);
            Assert.Equal(2, await server.ScalarAsync<long>("SELECT COUNT(*) FROM fir_records", database));
        }
    }

    [Theory]
    [InlineData(nameof(Cut.BeforeServer), 0)]
    [InlineData(nameof(Cut.AfterServer), 1)]
    public async Task When_nothing_can_be_read_back_the_outcome_is_unknown(string how, int committed)
    {
        var (proxy, registry, database) = await OpenAsync();
        using (proxy)
        {
            (proxy.How, proxy.CutAt, proxy.StayDown) = (Enum.Parse<Cut>(how), Commit, true);
            var e = await Assert.ThrowsAsync<RegistryUnavailableException>(() =>
                registry.DeliverAsync(Changes.WholeSession("a"), Running.Test)
            );
            Assert.True(e.OutcomeUnknown);
            Assert.Equal(committed, await server.ScalarAsync<long>("SELECT COUNT(*) FROM fir_records", database));
        }

        // Delivered again, as the forwarder does: one effect, whatever had happened (G3).
        var again = RegistryBench.MySql(server.RootConnectionString(database));
        var outcome = (await again.DeliverAsync(Changes.WholeSession("a"), Running.Test))[2];
        Assert.Equal(1, Assert.IsType<Registered>(outcome).Registration.Serial);
    }

    [Theory]
    [InlineData("FOR UPDATE")]
    [InlineData("INSERT INTO fir_records")]
    [InlineData("UPDATE ledger_head")]
    public async Task A_cut_before_the_commit_is_certain_to_have_no_effect(string command)
    {
        var (proxy, registry, database) = await OpenAsync();
        using (proxy)
        {
            (proxy.How, proxy.CutAt) = (Cut.AfterServer, packet => packet.Contains(command, StringComparison.Ordinal));
            var e = await Assert.ThrowsAsync<RegistryUnavailableException>(() =>
                registry.DeliverAsync(Changes.WholeSession("a"), Running.Test)
            );
            Assert.False(e.OutcomeUnknown);
            Assert.Equal(0, await server.ScalarAsync<long>("SELECT COUNT(*) FROM fir_records", database));
            Assert.Equal(0, await server.ScalarAsync<long>("SELECT position FROM ledger_head", database));
            Assert.IsType<Registered>((await registry.DeliverAsync(Changes.WholeSession("a"), Running.Test))[2]);
        }
    }

    [Fact]
    public async Task A_frozen_server_costs_a_bounded_time_and_nothing_else()
    {
        var (proxy, registry, _) = await OpenAsync();
        using var unused = proxy;
        await registry.DeliverAsync([Changes.Draft("before")], Running.Test);
        await server.FreezeAsync();
        try
        {
            var clock = Stopwatch.StartNew();
            var e = await Assert.ThrowsAsync<RegistryUnavailableException>(() =>
                registry.DeliverAsync([Changes.Draft("during")], Running.Test)
            );
            Assert.False(e.OutcomeUnknown);
            await Assert.ThrowsAsync<RegistryUnavailableException>(() => registry.FindAsync("FIR-before", Running.Test));
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(16));
        }
        finally
        {
            await server.ThawAsync();
        }

        await registry.DeliverAsync([Changes.Draft("during")], Running.Test);
        Assert.Equal(2, (await registry.ListAsync(10, 0, Running.Test)).Count);
    }

    [Fact]
    public async Task Every_delivery_confirmed_before_mysqld_was_killed_is_there_afterwards()
    {
        var (proxy, registry, _) = await OpenAsync();
        using var unused = proxy;
        var confirmed = new List<Registered>();
        var head = LedgerHead.Genesis;
        for (var round = 0; round < 3; round++)
        {
            var enough = new TaskCompletionSource();
            var delivering = DeliverUntilItFailsAsync(registry, confirmed, enough, confirmed.Count + 10, $"r{round}-");
            await enough.Task;
            await server.KillAsync();
            var failed = await delivering;
            await server.StartAsync();

            foreach (var registered in confirmed)
            {
                var found = await registry.FindAsync(Changes.Number(registered.RegisteredAt), Running.Test);
                Assert.Equal((FirStatus.Finalized, registered.Registration), (found?.Status, found?.Registration));
            }

            // What was in flight is delivered again, and the serials go on without a gap.
            confirmed.Add(await RegisterAsync(registry, failed));
            Assert.Equal(Enumerable.Range(1, confirmed.Count).Select(i => (long)i), confirmed.Select(r => r.Registration.Serial));
        }

        foreach (var entry in confirmed.Select(r => r.Entry))
        {
            Assert.Equal((head.Position + 1, head.Hash), (entry.Position, entry.PreviousHash));
            head = entry.AsHead();
        }
    }

    /// <returns>The session whose delivery failed.</returns>
    private static async Task<string> DeliverUntilItFailsAsync(
        IRegistry registry,
        List<Registered> confirmed,
        TaskCompletionSource enough,
        int wanted,
        string prefix
    )
    {
        for (var i = 0; ; i++)
        {
            var session = $"{prefix}{i}";
            try
            {
                confirmed.Add(await RegisterAsync(registry, session));
            }
            catch (RegistryUnavailableException)
            {
                return session;
            }

            if (confirmed.Count >= wanted)
            {
                enough.TrySetResult();
            }
        }
    }

    /// <summary>The session's name stands in the time of registration, so that it can be found again.</summary>
    private static async Task<Registered> RegisterAsync(IRegistry registry, string session) =>
        (Registered)
            (
                await registry.DeliverAsync(
                    [Changes.Draft(session), Changes.Pending(session), Changes.Register(session) with { RegisteredAt = session }],
                    default
                )
            )[2];

    private async Task<(CuttingProxy Proxy, IRegistry Registry, string Database)> OpenAsync()
    {
        var database = await server.CreateDatabaseAsync();
        var proxy = new CuttingProxy(server.Port);
        var registry = RegistryBench.MySql(
            server.RootConnectionString(database, proxy.Port),
            migrator: server.RootConnectionString(database)
        );
        await registry.OpenAsync(Running.Test);
        return (proxy, registry, database);
    }
}
