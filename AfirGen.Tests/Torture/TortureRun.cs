using System.Diagnostics;
using AfirGen.Tests.History;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>Rounds of faults on a working service, everything from one seed, until something is found or the time is over.</summary>
internal sealed class TortureRun : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private readonly TortureSettings _settings;
    private readonly Machine _machine;
    private readonly Action<string> _say;
    private readonly Random _plans; // of rounds and clients alone, so that a seed repeats them whatever happens in between
    private readonly Random _random;
    private readonly HistoryLog _log;
    private World _world = null!;
    private TortureChecker _checker = null!;
    private CancellationTokenSource _stop = new();
    private List<Task> _clients = [];
    private ApiClient? _client;
    private int _epoch;

    public TortureRun(TortureSettings settings, Machine machine, Action<string> say)
    {
        (_settings, _machine, _say) = (settings, machine, say);
        (_plans, _random) = (new(settings.Seed), new(settings.Seed));
        _log = new(
            Path.Combine(settings.Output, $"history-{(machine.HasMySql ? "mysql" : "embedded")}-{settings.Seed}-{Guid.NewGuid():N}.jsonl")
        );
    }

    public Tally Tally { get; } = new();

    /// <exception cref="GuaranteeBrokenException">Something was found.</exception>
    public async Task RunAsync()
    {
        _say($"AFIRGEN_SEED={_settings.Seed}, history in {_log.Path}");
        while (!IsOver())
        {
            await BeginEpochAsync();
            for (var round = 0; round < _settings.RoundsAnEpoch && !IsOver(); round++)
            {
                var plan = RoundPlan.Draw(_plans, _settings, _machine.HasMySql, first: round == 0);
                Tally.Rounds++;
                Tally.Combined += plan.Faults.Count() > 1 ? 1 : 0;
                await RoundAsync(plan);
            }

            await EndEpochAsync();
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        _stop.Dispose();
        _log.Dispose();
    }

    private bool IsOver()
    {
        var (kills, cuts, mysqlKills) = _settings.Goal;
        var reached = Tally.Kills >= kills && Tally.Of(Fault.PowerCut) >= cuts && Tally.Of(Fault.MysqlKill) >= mysqlKills;
        return reached || Tally.Rounds >= _settings.Rounds || Tally.Elapsed >= _settings.Time;
    }

    private async Task BeginEpochAsync()
    {
        await _machine.BeginAnewAsync();
        var (hangUps, duplicates) = (_settings.Faults.Contains(Fault.HangUp), _settings.Faults.Contains(Fault.Duplicate));
        _world = new(_log, $"e{++_epoch}", hangUps, duplicates);
        _checker = new(_world, _machine.Stack);
        _stop = new();
        _clients =
        [
            .. Enumerable
                .Range(0, _settings.Clients)
                .Select(n => new TortureClient(n, new Random(_plans.Next()), _world))
                .Select(client => Task.Run(() => client.WorkAsync(_stop.Token))),
        ];
    }

    private async Task RoundAsync(RoundPlan plan)
    {
        _log.Nemesis($"round {Tally.Rounds}: {plan}");
        var before = Stopwatch.GetTimestamp();
        if (!await StartAsync(plan))
        {
            CountEndedAhead(plan);
        }
        else
        {
            _log.Nemesis("ready");
            if (plan is { StartsQuietly: true, Launch: { } launch })
            {
                Tally.Add(launch);
            }

            if (plan.StartsQuietly)
            {
                await ConnectedAsync();
                Require(plan, await _checker.CheckSettledAsync());
            }

            await WorkAsync(plan);
        }

        await CleanUpAsync(plan);
        _log.Nemesis("all is down");
        Require(plan, _checker.CheckDisk());
        _say(
            $"round {Tally.Rounds}: {plan}, {Stopwatch.GetElapsedTime(before).TotalSeconds:F1} s; {_world.History.Acknowledged.Count} acknowledged"
        );
    }

    private async Task<bool> StartAsync(RoundPlan? plan)
    {
        try
        {
            if (!await _machine.StartApiAsync(plan))
            {
                return false;
            }
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            Require(plan, [new(Violation.Down, $"the service does not start: {e.Message}")]);
        }

        _client?.Dispose();
        _client = _machine.Api.CreateClient();
        return true;
    }

    /// <summary>MySQL is up, but the service is ready before it has reached it.</summary>
    private Task ConnectedAsync() =>
        Eventually.TrueAsync(
            async () => (await _client!.GetAsync("/health"))["database"] == "connected",
            "the service has reached its registry"
        );

    private async Task WorkAsync(RoundPlan plan)
    {
        _log.Nemesis("clients go on");
        _world.Line.Up(_client!);
        var draining = plan.Launch == Fault.TermPoint ? WhenDrainingAsync() : null;
        await SendsAsync(plan.Requests.Before);
        if (plan.Launch == Fault.ClockJump)
        {
            _machine.JumpClock(_random);
        }

        if (plan.During is { } during && !_machine.Api.HasExited)
        {
            _log.Nemesis($"{during} begins");
            await _machine.BeginAsync(during, _random);
            Tally.Add(during);
            await SendsAsync(plan.Requests.Within);
            if (plan.MendFirst)
            {
                await _machine.EndAsync(during);
                _log.Nemesis($"{during} ends");
            }
        }

        await SendsAsync(_random.Next(plan.Requests.Within));
        Thread.SpinWait(_random.Next(100_000)); // up to a few milliseconds further into whatever runs
        if (draining is not null && _machine.Api.HasExited)
        {
            await StoppedAsync(plan, await draining, await _machine.Api.WaitForExitAsync());
        }
        else if (draining is { IsCompletedSuccessfully: true })
        {
            CountEndedAhead(plan); // and the end falls into the drain
        }

        await EndAsync(plan);
        _world.Line.Down();
    }

    /// <returns>When it says so: its own SIGTERM was earlier, but a request that came in between is none the worse for it.</returns>
    private async Task<long> WhenDrainingAsync()
    {
        await _machine.Api.WaitForLogAsync("Graceful shutdown initiated");
        return Stopwatch.GetTimestamp();
    }

    private async Task EndAsync(RoundPlan plan)
    {
        var inFlight = _world.History.InFlight;
        var told = Stopwatch.GetTimestamp();
        var ahead = _machine.Api.HasExited;
        if (ahead)
        {
            RequirePlanned(plan);
            CountEndedAhead(plan);
        }
        else if (plan.End == Fault.Term)
        {
            _log.Nemesis("SIGTERM");
            var exitCode = await _machine.Api.StopIfRunningAsync();
            _log.Nemesis($"exit code {exitCode}");
            await StoppedAsync(plan, told, exitCode);
        }
        else if (plan.End == Fault.PowerCut)
        {
            _log.Nemesis("power cut");
            _machine.CutPower();
            await Task.WhenAny(_machine.Api.Ended, SendsAsync(_settings.Clients)); // whatever is acknowledged now is a lie
        }
        else
        {
            _log.Nemesis("SIGKILL");
            await _machine.Api.KillAsync();
            Tally.Kills++;
        }

        Tally.HitRequests += inFlight > 0 && plan.End != Fault.Term ? 1 : 0;
        if (!ahead)
        {
            Tally.Add(plan.End);
        }
    }

    private async Task StoppedAsync(RoundPlan plan, long told, int exitCode)
    {
        if (plan.Launch == Fault.CrashPoint && exitCode == 128 + ApiProcess.SigKill)
        {
            CountEndedAhead(plan);
            return;
        }

        await Eventually.TrueAsync(
            () => _world.History.Operations.All(o => o.Attempts.All(a => a.EndedAt > 0 || a.InvokedAt > told)),
            "what was on its way when the service was told has ended"
        );
        Require(plan, [.. StopCheck.Run(plan, _world.History.Operations, _machine, told, exitCode)]);
    }

    /// <summary>It has ended before its end was due.</summary>
    private void RequirePlanned(RoundPlan plan)
    {
        if (plan.StartsQuietly)
        {
            Require(plan, [new(Violation.Down, $"the service ended by itself: {_machine.Tail}")]);
        }
    }

    /// <summary>The fault that it was started with was faster than the end.</summary>
    private void CountEndedAhead(RoundPlan plan)
    {
        Tally.Add(plan.Launch!.Value);
        if (plan.Point is { } point)
        {
            Tally.Hit(point);
        }

        Tally.Kills += plan.Launch == Fault.CrashPoint ? 1 : 0;
    }

    private async Task CleanUpAsync(RoundPlan plan)
    {
        if (plan.End == Fault.PowerCut)
        {
            await _machine.RestorePowerAsync();
        }

        if (plan is { During: { } during, MendFirst: false })
        {
            await _machine.EndAsync(during);
        }

        await _machine.Api.DisposeAsync();
        await Eventually.TrueAsync(() => _world.History.InFlight == 0, "every request is answered or broken");
        if (plan.Torn)
        {
            TornLog.Tear(_machine.Stack.Stores.JournalFile + "-wal", _random);
            Tally.Add(Fault.TornLog);
        }
    }

    /// <summary>Everything is resolved, settled, read over the wire and repeated.</summary>
    private async Task EndEpochAsync()
    {
        _log.Nemesis("the last check of these stores");
        await StartAsync(null);
        await ConnectedAsync();
        _world.Line.Up(_client!);
        await _stop.CancelAsync();
        await Task.WhenAll(_clients).WaitAsync(TimeSpan.FromMinutes(1));
        Require(null, await _checker.CheckSettledAsync());
        Require(null, await _checker.CheckOverTheWireAsync(_client!, _random));
        Assert.Equal(0, await _machine.Api.StopAsync());
        await _machine.Api.DisposeAsync();
        Count();
    }

    private void Count()
    {
        var operations = _world.History.Operations;
        Tally.Acknowledged += operations.Count(o => o.Acknowledged is not null);
        Tally.Registered += operations.Count(o => o.Acknowledged is not null && o.Request.Kind == RequestKind.Register);
        Tally.Resolved += operations.Count(o => o.Acknowledged is not null && o.Attempts.Count > 1);
        Tally.Reads += _world.Freshness.Reads;
    }

    /// <summary>Returns when so many more requests have been sent, or the service has ended.</summary>
    private async Task SendsAsync(int requests)
    {
        using var over = new CancellationTokenSource();
        var enough = _world.History.WhenInvokedAsync(_world.History.Invocations + requests);
        var first = await Task.WhenAny([enough, _machine.Api.Ended, Task.Delay(LongestWait, over.Token), .. _clients]);
        await over.CancelAsync();
        if (_clients.Contains(first))
        {
            await first; // a client ends here only by failing
        }
    }

    private void Require(RoundPlan? plan, IReadOnlyList<Finding> findings)
    {
        Tally.Checks++;
        if (findings.Count > 0)
        {
            throw new GuaranteeBrokenException(_settings.Seed, Tally.Rounds, $"{plan}", findings, _log.Path);
        }
    }
}
