using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace AfirGen.Api.Reliability;

/// <param name="Timeout">For the whole call, retries and the pauses between them included.</param>
/// <param name="MaxRetries">Further attempts after the first.</param>
/// <param name="RetryDelay">Before the first retry; doubles, with jitter.</param>
internal sealed record CallBudget(TimeSpan Timeout, int MaxRetries, TimeSpan RetryDelay)
{
    /// <summary>Shorter than the whole, so that an attempt that hangs fails as an attempt, is counted, and leaves time for another.</summary>
    public TimeSpan AttemptTimeout => MaxRetries == 0 ? Timeout : Timeout * 0.75;
}

/// <summary>How every dependency is called: total timeout → retry → circuit breaker → timeout of one attempt.</summary>
internal sealed class DependencyCall
{
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(10);

    private readonly NamedCircuitBreaker _breaker;
    private readonly ResiliencePipeline _whole;
    private readonly ResiliencePipeline _attempt;

    public DependencyCall(NamedCircuitBreaker breaker, CallBudget budget, TimeProvider time)
    {
        _breaker = breaker;
        _attempt = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(budget.AttemptTimeout)
            .Build();

        var whole = new ResiliencePipelineBuilder { TimeProvider = time };
        if (budget.MaxRetries > 0)
        {
            whole.AddTimeout(budget.Timeout).AddRetry(Retry(budget));
        }

        _whole = whole.Build();
    }

    public async Task<T> ExecuteAsync<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken) =>
        await _whole.ExecuteAsync(
            token => _breaker.ExecuteAsync(attempt => _attempt.ExecuteAsync(call, attempt), token),
            cancellationToken
        );

    private static RetryStrategyOptions Retry(CallBudget budget) =>
        new()
        {
            MaxRetryAttempts = budget.MaxRetries,
            Delay = budget.RetryDelay,
            MaxDelay = LongestRetryDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = args =>
                ValueTask.FromResult(!args.Context.CancellationToken.IsCancellationRequested && IsWorthRetrying(args.Outcome.Exception)),
        };

    private static bool IsWorthRetrying(Exception? exception) =>
        exception switch
        {
            null or RequestFaultException or BrokenCircuitException => false,
            DependencyAnswerException answer => answer.IsTransient,
            _ => true,
        };
}
