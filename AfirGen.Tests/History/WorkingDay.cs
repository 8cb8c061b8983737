using AfirGen.Tests.Stack;

namespace AfirGen.Tests.History;

/// <summary>Officers at work on a stack, and the check that nothing which they were told is done is missing.</summary>
internal sealed class WorkingDay : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ServiceLine _line = new();
    private readonly TestStack _stack;
    private readonly List<Task> _officers;
    private readonly int _seed = Seed.Next();

    private WorkingDay(TestStack stack, int officers)
    {
        _stack = stack;
        Random = new(_seed);
        _line.Up(stack.Client);
        _officers =
        [
            .. Enumerable
                .Range(0, officers)
                .Select(n => new Officer(n, new Random(Random.Next()), History, _line, patient: true))
                .Select(officer => Task.Run(() => officer.WorkAsync(_stop.Token))),
        ];
    }

    public OperationHistory History { get; } = new();

    public Random Random { get; }

    public static WorkingDay Begin(TestStack stack, int officers) => new(stack, officers);

    /// <summary>Completes when the officers have sent so many requests more.</summary>
    public async Task SendsAsync(int requests)
    {
        var enough = History.WhenInvokedAsync(History.Invocations + requests);
        if (await Task.WhenAny([enough, .. _officers]) is var first && first != enough)
        {
            await first; // an officer ends here only by failing
        }

        await enough;
    }

    /// <summary>From now on nobody sends anything; what is in flight goes on.</summary>
    public void Down() => _line.Down();

    public void Up() => _line.Up(_stack.Client);

    public Task QuietAsync() => Eventually.TrueAsync(() => History.InFlight == 0, "every request is answered or broken");

    /// <summary>Nobody may be sending. Every acknowledged change is in the stores, serials have no gap, the ledger verifies.</summary>
    public async Task RequireNothingLostAsync(string when)
    {
        await QuietAsync();
        await _stack.DeliveredAsync();
        var findings = HistoryChecker.Check(History.Operations, StoreView.Read(_stack.Stores), settled: true);
        Assert.True(
            findings.Count == 0,
            $"AFIRGEN_SEED={_seed}, {when}: {findings.Count} findings\n{string.Join('\n', findings.Take(20))}"
        );
        await RequireLedgerAsync();
    }

    /// <summary>The officers finish what they have begun.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_officers);
        var unresolved = History.Operations.Count(o => o.Acknowledged is null);
        Assert.True(unresolved == 0, $"AFIRGEN_SEED={_seed}: {unresolved} requests never got an answer");
        await RequireNothingLostAsync("at the end");
        Assert.Empty(await ApiCheck.RepeatAsync(_stack.Client, [.. History.Acknowledged.TakeLast(10)]));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{History.Acknowledged.Count} acknowledged changes, {History.Operations.Count(o => o.Attempts.Count > 1)} of them sent more than once"
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    private async Task RequireLedgerAsync()
    {
        var verified = (await _stack.Client.GetAsync("/ledger/verify")).RequireOk();
        Assert.True((bool)verified.Json["ok"]! && (bool)verified.Json["complete"]!, verified.Text);
        var registered = _stack.Stores.RegistryCount("fir_records WHERE status = 'finalized'");
        Assert.Equal(registered, (long)verified.Json["verified_to"]!);
    }
}
