using AfirGen.Tests.History;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>kill -9 in the middle of a working day, again and again on one data folder.</summary>
public sealed class KillTests
{
    private const int Rounds = 20;
    private const int Officers = 16;
    private const int FewestRequestsARound = 40;
    private const int MostRequestsARound = 200;
    private const int RepeatedRequestsARound = 25;

    [Fact]
    public async Task G1_every_acknowledged_change_survives_kill_nine()
    {
        var seed = Seed.Next();
        var random = new Random(seed);
        var history = new OperationHistory();
        var line = new ServiceLine();
        using var stop = new CancellationTokenSource();
        await using var stack = await EmbeddedStack.StartAsync();
        line.Up(stack.Client);
        var officers = Enumerable
            .Range(0, Officers)
            .Select(n => new Officer(n, new Random(random.Next()), history, line))
            .Select(officer => Task.Run(() => officer.WorkAsync(stop.Token)))
            .ToList();

        var inFlightAtKill = new List<int>();
        var read = new Dictionary<string, long>(); // version of each session when it was last read over the wire
        for (var round = 0; round < Rounds; round++)
        {
            var enough = history.WhenInvokedAsync(history.Invocations + random.Next(FewestRequestsARound, MostRequestsARound));
            Assert.Same(enough, await Task.WhenAny([enough, .. officers])); // an officer ends here only by failing
            Thread.SpinWait(random.Next(100_000)); // up to a few milliseconds further into whatever runs
            line.Down();
            var inFlight = history.InFlight;
            await stack.KillApiAsync();
            inFlightAtKill.Add(inFlight);
            RequireNothingLostBeforeRecovery(history, stack, seed, round);

            await stack.StartApiAsync();
            await RequireEverythingAfterRecoveryAsync(history, stack, read, random, $"AFIRGEN_SEED={seed}, after kill {round + 1}");
            line.Up(stack.Client);
        }

        await stop.CancelAsync();
        await Task.WhenAll(officers);
        await RequireEverythingAfterRecoveryAsync(history, stack, [], random, $"AFIRGEN_SEED={seed}, at the end");
        var unresolved = history.Operations.Count(o => o.Acknowledged is null);
        Assert.True(unresolved == 0, $"AFIRGEN_SEED={seed}: {unresolved} requests never got an answer");
        var hits = inFlightAtKill.Count(n => n > 0);
        Assert.True(hits > Rounds * 3 / 4, $"AFIRGEN_SEED={seed}: only {hits} of {Rounds} kills hit a request");
        Report(history, stack, inFlightAtKill);
    }

    /// <summary>What the kill left, before any recovery: an acknowledgement needs no later repair.</summary>
    private static void RequireNothingLostBeforeRecovery(OperationHistory history, EmbeddedStack stack, int seed, int round)
    {
        using var copy = new TemporaryFolder();
        Stores.Copy(stack.DataFolder, copy.Path);
        RequireNone(
            HistoryChecker.Check(history.Operations, StoreView.Read(new(copy.Path)), settled: false),
            $"AFIRGEN_SEED={seed}, on the disk after kill {round + 1}"
        );
    }

    private static async Task RequireEverythingAfterRecoveryAsync(
        OperationHistory history,
        EmbeddedStack stack,
        Dictionary<string, long> read,
        Random random,
        string when
    )
    {
        await Eventually.TrueAsync(() => Undelivered(stack) == 0, "the outbox is delivered");
        var acknowledged = history.Acknowledged;
        var stores = StoreView.Read(stack.Stores);
        RequireNone(HistoryChecker.Check(history.Operations, stores, settled: true), when);
        var changed = stores.Sessions.Values.Where(s => read.GetValueOrDefault(s.Row.SessionId) != s.Row.Version).ToList();
        RequireNone(await ApiCheck.ReadAsync(stack.Client, stores, changed), when);
        changed.ForEach(session => read[session.Row.SessionId] = session.Row.Version);
        var repeated = random.GetItems(acknowledged.ToArray(), RepeatedRequestsARound);
        RequireNone(await ApiCheck.RepeatAsync(stack.Client, [.. repeated.DistinctBy(o => o.Request.Key)]), when);
    }

    private static long Undelivered(EmbeddedStack stack) =>
        stack.Stores.Journal("SELECT COUNT(*) FROM outbox WHERE delivered_at IS NULL", row => row.GetInt64(0))[0];

    private static void RequireNone(IReadOnlyList<Finding> findings, string when) =>
        Assert.True(findings.Count == 0, $"{when}: {findings.Count} findings\n{string.Join('\n', findings.Take(20))}");

    private static void Report(OperationHistory history, EmbeddedStack stack, List<int> inFlightAtKill) =>
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{Rounds} kills with {string.Join(',', inFlightAtKill)} requests in flight; {history.Acknowledged.Count} acknowledged changes, "
                + $"{history.Operations.Count(o => o.Attempts.Count > 1)} of them resolved by their key, {stack.Stores.RegistryCount("fir_records")} FIRs, "
                + $"{stack.Stores.Registry("SELECT COALESCE(SUM(last_serial), 0) FROM registration_counters", row => row.GetInt64(0))[0]} registered"
        );
}
