using AfirGen.Api.Reliability;
using Microsoft.Extensions.Time.Testing;
using Polly.CircuitBreaker;

namespace AfirGen.Tests.Reliability;

public sealed class CircuitBreakerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly NamedCircuitBreaker _breaker;

    public CircuitBreakerTests() => _breaker = new(DependencyNames.ModelServer, _time);

    [Fact]
    public async Task The_fifth_consecutive_failure_opens_the_breaker_however_far_apart_they_are()
    {
        for (var failure = 1; failure < NamedCircuitBreaker.Threshold; failure++)
        {
            await FailAsync();
            _time.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.Equal(("closed", 4), (_breaker.Status.State, _breaker.Status.FailureCount));
        await FailAsync();

        Assert.Equal(new CircuitBreakerStatus("model_server", "open", 5, _time.GetUtcNow(), 5, 60), _breaker.Status);
        await Assert.ThrowsAsync<BrokenCircuitException>(() => SucceedAsync());
    }

    [Fact]
    public async Task A_success_in_between_starts_the_count_again()
    {
        await FailAsync(times: 4);
        await SucceedAsync();
        await FailAsync(times: 4);

        Assert.Equal(("closed", 4), (_breaker.Status.State, _breaker.Status.FailureCount));
    }

    [Fact]
    public async Task Many_successes_before_do_not_keep_five_failures_from_opening_the_breaker()
    {
        for (var call = 0; call < 100; call++)
        {
            await SucceedAsync();
        }

        await FailAsync(times: 5);

        Assert.Equal("open", _breaker.Status.State);
    }

    [Fact]
    public async Task After_sixty_seconds_one_trial_decides()
    {
        await FailAsync(times: 5);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("open", _breaker.Status.State);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("half_open", _breaker.Status.State);
        await FailAsync();
        Assert.Equal("open", _breaker.Status.State);

        _time.Advance(TimeSpan.FromSeconds(60));
        await SucceedAsync();
        Assert.Equal(("closed", 0), (_breaker.Status.State, _breaker.Status.FailureCount));
    }

    [Fact]
    public async Task A_trial_whose_caller_leaves_does_not_close_the_breaker()
    {
        await FailAsync(times: 5);
        _time.Advance(NamedCircuitBreaker.RecoveryTimeout);

        await LeaveAsync();

        Assert.Equal("open", _breaker.Status.State);
    }

    [Fact]
    public async Task A_caller_that_leaves_is_no_failure_of_the_dependency()
    {
        await FailAsync(times: 4);
        await LeaveAsync();

        Assert.Equal(("closed", 4), (_breaker.Status.State, _breaker.Status.FailureCount));
    }

    [Fact]
    public async Task A_cancellation_that_the_caller_did_not_ask_for_is_a_failure()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            _breaker.ExecuteAsync(_ => ValueTask.FromException(new OperationCanceledException()), CancellationToken.None).AsTask()
        );

        Assert.Equal(1, _breaker.Status.FailureCount);
    }

    [Fact]
    public async Task A_late_success_of_a_call_made_before_does_not_undo_the_opening()
    {
        var release = new TaskCompletionSource();
        var late = _breaker.ExecuteAsync(async _ => await release.Task, CancellationToken.None).AsTask();
        await FailAsync(times: 5);

        release.SetResult();
        await late;
        _time.Advance(NamedCircuitBreaker.RecoveryTimeout);
        await FailAsync();

        Assert.Equal(("open", 6), (_breaker.Status.State, _breaker.Status.FailureCount));
    }

    [Fact]
    public async Task A_reset_closes_the_breaker_and_forgets_the_count_but_not_when_it_failed_last()
    {
        await FailAsync(times: 5);
        await _breaker.ResetAsync();

        Assert.Equal(("closed", 0), (_breaker.Status.State, _breaker.Status.FailureCount));
        Assert.NotNull(_breaker.Status.LastFailureTime);
        await FailAsync(times: 4);
        Assert.Equal("closed", _breaker.Status.State);
    }

    [Fact]
    public void The_three_breakers_are_found_by_name_and_no_other_is()
    {
        var breakers = new CircuitBreakers(_time);

        Assert.Equal(["model_server", "asr_ocr_server", "database"], breakers.All.Select(breaker => breaker.Name));
        Assert.All(DependencyNames.All, name => Assert.Equal(name, breakers.Find(name)?.Name));
        Assert.Null(breakers.Find("Database"));
    }

    private async Task FailAsync(int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            await Assert.ThrowsAsync<IOException>(() =>
                _breaker.ExecuteAsync(_ => ValueTask.FromException(new IOException()), CancellationToken.None).AsTask()
            );
        }
    }

    private Task SucceedAsync() => _breaker.ExecuteAsync(_ => ValueTask.CompletedTask, CancellationToken.None).AsTask();

    private async Task LeaveAsync()
    {
        using var caller = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _breaker
                .ExecuteAsync(
                    async token =>
                    {
                        await caller.CancelAsync();
                        token.ThrowIfCancellationRequested();
                    },
                    caller.Token
                )
                .AsTask()
        );
    }
}
