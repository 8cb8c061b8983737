using System.Diagnostics;
using AfirGen.Tests.History;

namespace AfirGen.Tests.Torture;

/// <summary>Rounds of faults on a working service, everything from one seed, until something is found, the goal is reached or the time is over.</summary>
internal sealed class TortureRun : IDisposable
{
    private readonly TortureSettings _settings;
    private readonly Machine _machine;
    private readonly Action<string> _say;
    private readonly Random _plans; // of rounds and clients alone, so that a seed repeats them whatever happens in between
    private readonly Random _instants;
    private readonly PlanMaker _planMaker;
    private readonly HistoryLog _log;
    private int _epoch;

    public TortureRun(TortureSettings settings, Machine machine, Action<string> say)
    {
        (_settings, _machine, _say) = (settings, machine, say);
        (_plans, _instants) = (new(settings.Seed), new(settings.Seed));
        _planMaker = new(_plans, settings, machine.HasMySql);
        _log = new(
            Path.Combine(settings.Output, $"history-{(machine.HasMySql ? "mysql" : "embedded")}-{settings.Seed}-{Guid.NewGuid():N}.jsonl")
        );
    }

    public Tally Tally { get; } = new();

    /// <summary>To its end, saying what happens into the output of the test.</summary>
    /// <exception cref="GuaranteeBrokenException">Something was found.</exception>
    public static async Task<Tally> RunAsync(TortureSettings settings, Machine machine)
    {
        using var run = new TortureRun(settings, machine, Say);
        try
        {
            await run.RunAsync();
        }
        finally
        {
            Say(run.Tally.ToString()); // also of a run that found something
        }

        return run.Tally;
    }

    /// <exception cref="GuaranteeBrokenException">Something was found.</exception>
    public async Task RunAsync()
    {
        _say($"AFIRGEN_SEED={_settings.Seed}, history in {_log.Path}");
        while (!IsOver())
        {
            await EpochAsync();
        }
    }

    public void Dispose() => _log.Dispose();

    private bool IsOver() => _settings.Goal.IsReached(Tally) || Tally.Rounds >= _settings.Rounds || Tally.Elapsed >= _settings.Time;

    private async Task EpochAsync()
    {
        await _machine.BeginAnewAsync();
        var (hangUps, duplicates) = (_settings.Faults.Contains(Fault.HangUp), _settings.Faults.Contains(Fault.Duplicate));
        var world = new World(_log, $"e{++_epoch}", hangUps, duplicates);
        var clients = Enumerable.Range(0, _settings.Clients).Select(_ => new Random(_plans.Next()));
        using var epoch = new Epoch(_machine, world, clients);
        for (var round = 0; round < _settings.RoundsAnEpoch && !IsOver(); round++)
        {
            var plan = _planMaker.Draw(first: round == 0);
            Tally.Rounds++;
            Tally.Combined += plan.Faults.Count() > 1 ? 1 : 0;
            var before = Stopwatch.GetTimestamp();
            _log.Nemesis($"round {Tally.Rounds}: {plan}");
            await new Round(plan, epoch, _machine, Tally, _instants, findings => Require($"{plan}", findings)).RunAsync();
            var seconds = Stopwatch.GetElapsedTime(before).TotalSeconds;
            _say($"round {Tally.Rounds}: {plan}, {seconds:F1} s; {world.History.Acknowledged.Count} acknowledged");
        }

        _log.Nemesis("the last check of these stores");
        Require("the last check of these stores", await epoch.EndAsync(_instants, Tally.Metrics));
        Tally.Count(world);
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private void Require(string during, IReadOnlyList<Finding> findings)
    {
        Tally.Checks++;
        if (findings.Count > 0)
        {
            throw new GuaranteeBrokenException(_settings.Seed, Tally.Rounds, during, findings, _log.Path);
        }
    }
}
