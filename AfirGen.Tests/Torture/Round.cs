using System.Diagnostics;
using AfirGen.Tests.History;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>The service is started, works, suffers what the plan says and ends; everything is checked before and after.</summary>
/// <param name="random">Of instants, not of plans: how far into something a fault falls.</param>
/// <param name="require">Ends the run when it is given findings.</param>
internal sealed class Round(
    RoundPlan plan,
    Epoch epoch,
    Machine machine,
    Tally tally,
    Random random,
    Action<IReadOnlyList<Finding>> require
)
{
    private bool _isCut;

    private OperationHistory History => epoch.World.History;

    private HistoryLog Log => epoch.World.Log;

    public async Task RunAsync()
    {
        if (await StartAsync())
        {
            Log.Nemesis("ready");
            if (plan.StartsQuietly)
            {
                await epoch.ConnectedAsync();
                require(await epoch.Checker.CheckSettledAsync());
                if (plan.Launch is { } launch)
                {
                    tally.Add(launch);
                }
            }

            await WorkAsync();
        }

        await CleanUpAsync();
        Log.Nemesis("all is down");
        require(epoch.Checker.CheckDisk());
    }

    private async Task<bool> StartAsync()
    {
        try
        {
            if (await epoch.StartAsync(plan))
            {
                return true;
            }
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            require([new(Violation.Down, $"the service does not start: {e.Message}")]);
        }

        CountAhead();
        if (plan.Launch == Fault.TermPoint && await machine.Api.WaitForExitAsync() is not 0 and var exitCode)
        {
            require([new(Violation.Untrue, $"told to stop while it started, it ends with {exitCode}: {machine.Tail}")]);
        }

        return false;
    }

    private async Task WorkAsync()
    {
        Log.Nemesis("clients go on");
        epoch.Up();
        var draining = plan.Launch == Fault.TermPoint ? WhenDrainingAsync() : null;
        await epoch.SendsAsync(plan.Requests.Before);
        if (plan.Launch == Fault.ClockJump)
        {
            machine.JumpClock(random);
        }

        if (plan.During is { } during && !machine.Api.HasExited)
        {
            Log.Nemesis($"{during} begins");
            await machine.BeginAsync(during, random);
            tally.Add(during);
            await epoch.SendsAsync(plan.Requests.Within);
            if (plan.MendFirst)
            {
                await machine.EndAsync(during);
                Log.Nemesis($"{during} ends");
            }
        }

        await tally.Metrics.LookAsync(epoch.Client);
        await epoch.SendsAsync(random.Next(plan.Requests.Within));
        Thread.SpinWait(random.Next(100_000)); // up to a few milliseconds further into whatever runs
        if (draining is not null && machine.Api.HasExited)
        {
            await StoppedAsync(await draining, await machine.Api.WaitForExitAsync());
        }
        else if (draining is { IsCompletedSuccessfully: true })
        {
            CountAhead(); // and the end falls into the drain
        }

        await EndAsync();
        epoch.World.Line.Down();
    }

    /// <returns>When it says so: its own SIGTERM was earlier, but a request that came in between is none the worse for it.</returns>
    private async Task<long> WhenDrainingAsync()
    {
        await machine.Api.WaitForLogAsync("Graceful shutdown initiated");
        return Stopwatch.GetTimestamp();
    }

    private async Task EndAsync()
    {
        var inFlight = History.InFlight;
        if (machine.Api.HasExited)
        {
            if (plan.StartsQuietly)
            {
                require([new(Violation.Down, $"the service ended by itself: {machine.Tail}")]);
            }

            CountAhead();
            return;
        }

        switch (plan.End)
        {
            case Fault.Term:
                Log.Nemesis("SIGTERM");
                var told = Stopwatch.GetTimestamp();
                var exitCode = await machine.Api.StopIfRunningAsync();
                Log.Nemesis($"exit code {exitCode}");
                await StoppedAsync(told, exitCode);
                break;
            case Fault.PowerCut:
                CutPower();
                break;
            default:
                Log.Nemesis("SIGKILL");
                await machine.Api.KillAsync();
                tally.Kills++;
                break;
        }

        tally.HitRequests += inFlight > 0 && plan.End != Fault.Term ? 1 : 0;
        if (plan.End != Fault.PowerCut)
        {
            tally.Add(plan.End);
        }
    }

    private void CutPower()
    {
        Log.Nemesis("power cut");
        epoch.World.PowerIsOff = true;
        machine.CutPower();
        tally.Add(Fault.PowerCut);
        _isCut = true;
    }

    private async Task StoppedAsync(long told, int exitCode)
    {
        if (plan.Launch == Fault.CrashPoint && exitCode == 128 + ApiProcess.SigKill)
        {
            CountAhead();
            return;
        }

        await Eventually.TrueAsync(
            () => History.Operations.All(o => o.Attempts.All(a => a.EndedAt > 0 || a.InvokedAt > told)),
            "what was on its way when the service was told has ended"
        );
        require([.. StopCheck.Run(plan, History.Operations, machine, told, exitCode)]);
    }

    /// <summary>The fault that it was started with was faster than the end.</summary>
    private void CountAhead()
    {
        tally.Add(plan.Launch!.Value);
        if (plan.Point is { } point)
        {
            tally.Hit(plan.Launch.Value, point);
        }

        tally.Kills += plan.Launch == Fault.CrashPoint ? 1 : 0;
    }

    private async Task CleanUpAsync()
    {
        if (plan.End == Fault.PowerCut)
        {
            if (!_isCut)
            {
                CutPower(); // the service had died already, and now the machine does, before anybody has recovered anything
            }

            await machine.RestorePowerAsync();
        }

        if (plan is { During: { } during, MendFirst: false })
        {
            await machine.EndAsync(during);
        }

        await machine.Api.DisposeAsync();
        await Eventually.TrueAsync(() => History.InFlight == 0, "every request is answered or broken");
        if (plan.Torn)
        {
            TornLog.Tear(machine.Stack.Stores.JournalFile + "-wal", random);
            tally.Add(Fault.TornLog);
        }
    }
}
