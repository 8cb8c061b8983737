namespace AfirGen.Api.Reliability;

/// <param name="Name">One of <see cref="DependencyNames"/>.</param>
/// <param name="Configured">False: this installation does without the dependency and there is nothing to recover.</param>
/// <param name="Attempts">Probes made by the current run, or by the last one.</param>
/// <param name="MaxAttempts">Probes that one run makes before it gives up until it is triggered again.</param>
/// <param name="LastRecovery">UTC; when a run last found the dependency working.</param>
/// <param name="InProgress">Whether a run is under way.</param>
internal sealed record RecoveryStatus(
    string Name,
    bool Configured,
    int Attempts,
    int MaxAttempts,
    DateTimeOffset? LastRecovery,
    bool InProgress
);

internal sealed record RecoveryOutcome(bool Success, string Message, RecoveryStatus Status);

/// <summary>Probes a dependency and, only once it answers, closes its breaker: closing first would send callers into a dead server.</summary>
internal sealed class AutoRecovery(CircuitBreakers breakers, DependencyProbes probes, TimeProvider time, ILogger<AutoRecovery> logger)
    : IDisposable
{
    public const int MaxAttempts = 3;
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Handler> _handlers = DependencyNames.All.ToDictionary(name => name, _ => new Handler());
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();

    public IReadOnlyList<RecoveryStatus> Statuses => [.. DependencyNames.All.Select(StatusOf)];

    /// <summary>Triggers that arrive during a run share it: its result is theirs.</summary>
    /// <param name="cancellationToken">Ends the waiting, not the run, which others may share.</param>
    /// <returns>Null for a name that is not in <see cref="DependencyNames"/>.</returns>
    public async Task<RecoveryOutcome?> TriggerAsync(string name, CancellationToken cancellationToken)
    {
        if (breakers.Find(name) is not { } breaker)
        {
            return null;
        }

        if (!probes.IsConfigured(name))
        {
            return new(false, $"'{name}' is not configured: there is nothing to recover", StatusOf(name));
        }

        Task<bool> run;
        lock (_gate)
        {
            var handler = _handlers[name];
            run = handler.Run is { IsCompleted: false } current ? current : handler.Run = RunAsync(handler, breaker, _stopping.Token);
        }

        var recovered = await run.WaitAsync(cancellationToken);
        return new(recovered, recovered ? $"'{name}' recovered" : $"'{name}' does not answer", StatusOf(name));
    }

    private async Task<bool> RunAsync(Handler handler, NamedCircuitBreaker breaker, CancellationToken stopping)
    {
        // Off the trigger's lock before the first probe runs.
        await Task.Yield();
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            handler.Attempts = attempt;
            if (await probes.ProbeAsync(breaker.Name, stopping))
            {
                await breaker.ResetAsync();
                handler.FailedBefore = false;
                lock (_gate)
                {
                    handler.LastRecovery = time.GetUtcNow();
                }

                logger.LogInformation("Recovery '{Name}': recovered at attempt {Attempt}", breaker.Name, attempt);
                return true;
            }

            if (attempt == MaxAttempts)
            {
                // Runs follow each other while the dependency is away, and one line is enough for all of them.
                logger.Log(
                    handler.FailedBefore ? LogLevel.Debug : LogLevel.Warning,
                    "Recovery '{Name}': no answer after {Attempts} attempts",
                    breaker.Name,
                    attempt
                );
                handler.FailedBefore = true;
                return false;
            }

            await Task.Delay(pause, time, stopping);
            pause *= 2;
        }
    }

    private RecoveryStatus StatusOf(string name)
    {
        lock (_gate)
        {
            var handler = _handlers[name];
            var inProgress = handler.Run is { IsCompleted: false };
            return new(name, probes.IsConfigured(name), handler.Attempts, MaxAttempts, handler.LastRecovery, inProgress);
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private sealed class Handler
    {
        public Task<bool>? Run { get; set; }
        public int Attempts { get; set; }
        public bool FailedBefore { get; set; }
        public DateTimeOffset? LastRecovery { get; set; }
    }
}
