using AfirGen.Tests.History;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>One set of stores, from an empty disk to the last check, and the clients that work on it.</summary>
internal sealed class Epoch : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(4); // what is held up by a fault needs no more of it
    private readonly CancellationTokenSource _stop = new();
    private readonly Machine _machine;
    private readonly List<Task> _clients;
    private ApiClient? _client;

    public Epoch(Machine machine, World world, IEnumerable<Random> clients)
    {
        (_machine, World, Checker) = (machine, world, new(world, machine.Stack));
        _clients =
        [
            .. clients
                .Select((random, n) => new TortureClient(n, random, world))
                .Select(client => Task.Run(() => client.WorkAsync(_stop.Token))),
        ];
    }

    public World World { get; }

    public TortureChecker Checker { get; }

    /// <summary>To the process that is up now.</summary>
    public ApiClient Client => _client!;

    /// <returns>False when the service ended before it was ready, as <paramref name="plan"/> allows.</returns>
    /// <exception cref="InvalidOperationException">It does not start.</exception>
    public async Task<bool> StartAsync(RoundPlan? plan)
    {
        if (!await _machine.StartApiAsync(plan))
        {
            return false;
        }

        _client?.Dispose();
        _client = _machine.Api.CreateClient();
        return true;
    }

    /// <summary>Clients find the service again.</summary>
    public void Up()
    {
        World.PowerIsOff = false;
        World.Line.Up(Client);
    }

    /// <summary>MySQL is up, but the service is ready before it has reached it.</summary>
    /// <exception cref="TimeoutException">It does not reach it.</exception>
    public async Task ConnectedAsync()
    {
        Reply? health = null;
        try
        {
            await Eventually.TrueAsync(
                async () => (health = await Client.GetAsync("/health"))["database"] == "connected",
                "the service has reached its registry"
            );
        }
        catch (Exception e) when (health is not null)
        {
            throw new TimeoutException($"{e.Message}\n{health.Text}\n{_machine.Tail}", e);
        }
    }

    /// <summary>Returns when so many more requests have been sent, or the service has ended.</summary>
    public async Task SendsAsync(int requests)
    {
        using var over = new CancellationTokenSource();
        var enough = World.History.WhenInvokedAsync(World.History.Invocations + requests);
        var first = await Task.WhenAny([enough, _machine.Api.Ended, Task.Delay(LongestWait, over.Token), .. _clients]);
        await over.CancelAsync();
        if (_clients.Contains(first))
        {
            await first; // a client ends here only by failing
        }
    }

    /// <summary>Everything is resolved, settled, read over the wire and repeated; then the service stops in order.</summary>
    public async Task<IReadOnlyList<Finding>> EndAsync(Random random, MetricMovement metrics)
    {
        await StartAsync(null);
        await ConnectedAsync();
        Up();
        await _stop.CancelAsync();
        await Task.WhenAll(_clients).WaitAsync(TimeSpan.FromMinutes(1));
        IReadOnlyList<Finding> findings =
        [
            .. await Checker.CheckSettledAsync(),
            .. await Checker.CheckOverTheWireAsync(Client, random),
            .. await DrainAsync(metrics),
            .. StopCheck.Run(
                new(null, null, Fault.Term),
                World.History.Operations,
                _machine,
                long.MaxValue,
                await _machine.Api.StopAsync()
            ),
        ];
        await _machine.Api.DisposeAsync();
        return findings.Count > 0 ? findings : await StartAfterStopAsync(metrics);
    }

    /// <summary>A drain by an operator is the only one whose metrics anybody sees. The service goes on afterwards, for the stop.</summary>
    private async Task<IReadOnlyList<Finding>> DrainAsync(MetricMovement metrics)
    {
        var drained = await Client.PostAsync("/operations/drain");
        var refused = await Client.ProcessAsync("Too late");
        await metrics.LookAsync(Client);
        var resumed = await Client.PostAsync("/operations/resume");
        return (drained.Status, refused.Status, resumed.Status) == (200, 503, 200)
            ? []
            : [new(Violation.Untrue, $"drained: {drained.Text}, refused: {refused.Text}, resumed: {resumed.Text}")];
    }

    /// <summary>What the stop before did is told by the next start.</summary>
    private async Task<IReadOnlyList<Finding>> StartAfterStopAsync(MetricMovement metrics)
    {
        await StartAsync(null);
        await metrics.LookAsync(Client);
        var recognised = _machine.Api.Log.Any(line => line.Contains("the last run stopped cleanly", StringComparison.Ordinal));
        await _machine.Api.StopAsync();
        await _machine.Api.DisposeAsync();
        return recognised ? [] : [new(Violation.Untrue, $"after a clean stop: {_machine.Tail}")];
    }

    public void Dispose()
    {
        _client?.Dispose();
        _stop.Dispose();
    }
}
