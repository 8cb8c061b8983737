using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AfirGen.ServiceDefaults.Draining;

/// <summary>
/// Drains and flushes, for the host when it stops and for an operator who asks: refuse new requests, wait for those in flight, cancel what
/// is left at the deadline, flush. Nothing is lost without it (a commit is durable by itself); it keeps requests from being cut (G5).
/// </summary>
public sealed class DrainCoordinator : IHostedLifecycleService
{
    private readonly InFlightRequests _inFlight;
    private readonly DrainSignal _signal;
    private readonly DrainRun _run;
    private readonly TimeProvider _clock;
    private readonly ILogger<DrainCoordinator> _log;

    private readonly Lock _gate = new();
    private Task<DrainReport>? _running;
    private Task<DrainReport>? _stop;
    private DrainReport? _lastReport;
    private DateTimeOffset _since;

    internal DrainCoordinator(
        InFlightRequests inFlight,
        DrainSignal signal,
        DrainRun run,
        TimeProvider clock,
        ILogger<DrainCoordinator> log
    )
    {
        _inFlight = inFlight;
        _signal = signal;
        _run = run;
        _clock = clock;
        _log = log;
        _since = clock.GetUtcNow();
    }

    /// <summary>Sets the exit code of the process; tests look at it here, for the real one belongs to the test runner.</summary>
    internal Action<int> SetExitCode { get; set; } = code => Environment.ExitCode = code;

    /// <summary>The state now, for endpoints and health checks.</summary>
    public DrainStatus Status
    {
        get
        {
            lock (_gate)
            {
                var state =
                    _signal.IsStopping ? DrainState.Stopping
                    : _running is not null ? DrainState.Draining
                    : _inFlight.IsDraining ? DrainState.Drained
                    : DrainState.Serving;
                return new DrainStatus(state, _inFlight.Count, _since, _lastReport);
            }
        }
    }

    /// <summary>
    /// Drains and flushes, and leaves the process running with all requests refused. Callers at the same time share one run, and while the
    /// host stops they share the stop's. Takes no token: a caller who goes away does not end the drain.
    /// </summary>
    /// <param name="reason">Who asks, for the log and the report.</param>
    public Task<DrainReport> DrainAsync(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        var run = new TaskCompletionSource<DrainReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if ((_stop ?? _running) is { } shared)
            {
                return shared;
            }

            _running = run.Task;
            _since = _clock.GetUtcNow();
        }

        _ = CompleteAsync(run, _run.ExecuteAsync(reason));
        return run.Task;
    }

    /// <summary>
    /// Admits requests again after a drain by an operator. False, and nothing changed, while a drain runs or the host stops; true when
    /// requests are admitted afterwards.
    /// </summary>
    public bool Resume()
    {
        lock (_gate)
        {
            if (_running is not null || _signal.IsStopping)
            {
                return false;
            }

            if (_inFlight.IsDraining)
            {
                // Before the door opens: a request admitted first would be linked to the old, cancelled deadline.
                _signal.RenewDeadline();
                _since = _clock.GetUtcNow();
                _inFlight.Resume();
                _log.Resumed();
            }

            return true;
        }
    }

    /// <summary>
    /// The drain of a stop. It runs here and not in StopAsync because only here does the server still accept connections, so that new ones can
    /// be told 503 (D-23). The host's token is not listened to: our budgets nest inside the host's, and neither a second signal nor an
    /// impatient caller may shorten a drain.
    /// </summary>
    Task IHostedLifecycleService.StoppingAsync(CancellationToken cancellationToken)
    {
        var run = new TaskCompletionSource<DrainReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<DrainReport>? ahead;
        lock (_gate)
        {
            if (_stop is not null)
            {
                return _stop;
            }

            ahead = _running;
            _stop = run.Task;
            _signal.MarkStopping();
            _since = _clock.GetUtcNow();
        }

        _ = CompleteAsync(run, StopAsync(ahead));
        return run.Task;
    }

    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken)
    {
        _run.PublishZeros();
        return Task.CompletedTask;
    }

    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<DrainReport> StopAsync(Task<DrainReport>? ahead)
    {
        DrainReport? report = null;
        if (ahead is not null)
        {
            // An operator's drain is under way: its deadline stands. When its flush already ran for the stop, it is the stop's flush.
            await ((Task)ahead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            report = ahead.IsCompletedSuccessfully && ahead.Result.ForStop ? ahead.Result : null;
        }

        report ??= await _run.ExecuteAsync("host is stopping").ConfigureAwait(false);
        if (!report.Flushed || report.Abandoned > 0)
        {
            SetExitCode(1);
        }

        return report;
    }

    private async Task CompleteAsync(TaskCompletionSource<DrainReport> run, Task<DrainReport> work)
    {
        await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _lastReport = work.IsCompletedSuccessfully ? work.Result : _lastReport;
            _since = _signal.IsStopping ? _since : _clock.GetUtcNow();
            _running = _running == run.Task ? null : _running;
        }

        run.SetFromTask(work);
    }
}
