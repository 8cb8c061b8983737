using Polly;
using Polly.CircuitBreaker;

namespace AfirGen.Api.Reliability;

/// <summary>
/// Stops calling a dependency after <see cref="Threshold"/> consecutive failures, for <see cref="RecoveryTimeout"/>;
/// then one trial call decides. Refused calls throw <see cref="BrokenCircuitException"/>.
/// </summary>
internal sealed class NamedCircuitBreaker
{
    public const int Threshold = 5;
    public static readonly TimeSpan RecoveryTimeout = TimeSpan.FromSeconds(60);

    private readonly CircuitBreakerManualControl _control = new();
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();

    private int _failures;
    private DateTimeOffset? _lastFailure;
    private DateTimeOffset _openUntil;

    public NamedCircuitBreaker(string name, TimeProvider time)
    {
        Name = name;
        _time = time;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions
                {
                    // Polly opens on a failure ratio within a window; what is promised here is consecutive failures. So CountsAsFailure
                    // keeps the count and reports only the failure that must open the breaker: any ratio will do, the window is Polly's longest.
                    FailureRatio = 0,
                    MinimumThroughput = 2,
                    SamplingDuration = TimeSpan.FromDays(1),
                    BreakDuration = RecoveryTimeout,
                    ManualControl = _control,
                    StateProvider = _state,
                    ShouldHandle = args => ValueTask.FromResult(CountsAsFailure(args.Outcome.Exception, args.Context.CancellationToken)),
                    OnOpened = args =>
                    {
                        RememberOpening(args.BreakDuration);
                        return default;
                    },
                    OnClosed = _ =>
                    {
                        Closed?.Invoke();
                        return default;
                    },
                }
            )
            .Build();
    }

    public string Name { get; }

    /// <summary>Calls are let through again: a trial succeeded, or somebody reset it.</summary>
    public event Action? Closed;

    public bool IsClosed => _state.CircuitState == CircuitState.Closed;

    public CircuitBreakerStatus Status
    {
        get
        {
            var state = _state.CircuitState;
            lock (_gate)
            {
                return new(Name, Describe(state), _failures, _lastFailure, Threshold, RecoveryTimeout.TotalSeconds);
            }
        }
    }

    public ValueTask<T> ExecuteAsync<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken) =>
        _pipeline.ExecuteAsync(call, cancellationToken);

    public ValueTask ExecuteAsync(Func<CancellationToken, ValueTask> call, CancellationToken cancellationToken) =>
        _pipeline.ExecuteAsync(call, cancellationToken);

    /// <summary>Closes the breaker and forgets the failures counted so far.</summary>
    public async Task ResetAsync()
    {
        await _control.CloseAsync();
        lock (_gate)
        {
            _failures = 0;
        }
    }

    // Runs once for every call that was let through, before Polly takes the result into account.
    private bool CountsAsFailure(Exception? exception, CancellationToken cancellationToken)
    {
        var state = _state.CircuitState;
        if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            // The caller left, which proves nothing. A trial that proved nothing must not close the breaker.
            return state == CircuitState.HalfOpen;
        }

        lock (_gate)
        {
            if (exception is null or RequestFaultException)
            {
                // A late answer to a call made before the breaker opened does not undo the opening.
                _failures = state == CircuitState.Open ? _failures : 0;
                return false;
            }

            _failures++;
            _lastFailure = _time.GetUtcNow();
            return _failures >= Threshold || state == CircuitState.HalfOpen;
        }
    }

    private void RememberOpening(TimeSpan duration)
    {
        lock (_gate)
        {
            _openUntil = _time.GetUtcNow() + duration;
        }
    }

    // Polly leaves "open" at the next call only; an operator wants to see that the next call will be let through.
    private string Describe(CircuitState state) =>
        state switch
        {
            CircuitState.Closed => CircuitBreakerStatus.Closed,
            CircuitState.HalfOpen => CircuitBreakerStatus.HalfOpen,
            _ => _time.GetUtcNow() >= _openUntil ? CircuitBreakerStatus.HalfOpen : CircuitBreakerStatus.Open,
        };
}
