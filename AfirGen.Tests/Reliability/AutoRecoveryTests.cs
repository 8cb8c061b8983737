using AfirGen.Api.Reliability;

namespace AfirGen.Tests.Reliability;

public sealed class AutoRecoveryTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private readonly ScriptedProbe _probe = new(DependencyNames.ModelServer);
    private readonly ReliabilityStack _stack;

    public AutoRecoveryTests() => _stack = new(_probe);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _stack.Dispose();

    [Fact]
    public async Task A_dependency_that_answers_gets_its_breaker_closed()
    {
        await ReliabilityStack.OpenAsync(_stack.Breakers.ModelServer);

        var outcome = await _stack.Recovery.TriggerAsync("model_server", Cancellation);

        Assert.True(outcome!.Success);
        Assert.Equal(new RecoveryStatus("model_server", true, 1, 3, _stack.Time.GetUtcNow(), false), outcome.Status);
        Assert.Equal("closed", _stack.Breakers.ModelServer.Status.State);
    }

    [Fact]
    public async Task The_breaker_stays_open_until_the_dependency_has_answered()
    {
        await ReliabilityStack.OpenAsync(_stack.Breakers.ModelServer);
        var states = new List<string>();
        _probe.Answer = _ =>
        {
            states.Add(_stack.Breakers.ModelServer.Status.State);
            return Task.FromResult(states.Count == 3);
        };

        var trigger = _stack.Recovery.TriggerAsync("model_server", Cancellation);
        await _stack.AdvanceUntilAsync(() => trigger.IsCompleted);

        Assert.True((await trigger)!.Success);
        Assert.Equal(["open", "open", "open"], states);
        Assert.Equal("closed", _stack.Breakers.ModelServer.Status.State);
    }

    [Fact]
    public async Task A_run_gives_up_after_three_attempts_and_leaves_the_breaker_open()
    {
        await ReliabilityStack.OpenAsync(_stack.Breakers.ModelServer);
        _probe.Answer = _ => throw new HttpRequestException("refused");

        var trigger = _stack.Recovery.TriggerAsync("model_server", Cancellation);
        await _stack.AdvanceUntilAsync(() => trigger.IsCompleted);

        var outcome = await trigger;
        Assert.Equal((false, "'model_server' does not answer"), (outcome!.Success, outcome.Message));
        Assert.Equal((3, 3, null), (outcome.Status.Attempts, _probe.Probed, outcome.Status.LastRecovery));
        Assert.Equal("open", _stack.Breakers.ModelServer.Status.State);
    }

    [Fact]
    public async Task A_probe_that_hangs_counts_as_no_answer()
    {
        _probe.Answer = async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return true;
        };

        var trigger = _stack.Recovery.TriggerAsync("model_server", Cancellation);
        await _stack.AdvanceUntilAsync(() => trigger.IsCompleted);

        Assert.False((await trigger)!.Success);
    }

    [Fact]
    public async Task Triggers_at_the_same_time_share_one_run_and_one_that_leaves_does_not_end_it()
    {
        var answer = new TaskCompletionSource<bool>();
        _probe.Answer = _ => answer.Task;
        using var leaving = new CancellationTokenSource();

        var first = _stack.Recovery.TriggerAsync("model_server", leaving.Token);
        await _stack.AdvanceUntilAsync(() => _probe.Probed == 1);
        var second = _stack.Recovery.TriggerAsync("model_server", Cancellation);
        Assert.True(_stack.Recovery.Statuses.Single(status => status.Name == "model_server").InProgress);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult(true);

        Assert.True((await second.WaitAsync(Deadline, Cancellation))!.Success);
        Assert.Equal(1, _probe.Probed);
    }

    [Fact]
    public async Task An_unknown_name_gives_nothing_and_one_that_is_not_configured_says_so()
    {
        Assert.Null(await _stack.Recovery.TriggerAsync("printer", Cancellation));

        var outcome = await _stack.Recovery.TriggerAsync("database", Cancellation);

        Assert.False(outcome!.Success);
        Assert.False(outcome.Status.Configured);
        Assert.Contains("not configured", outcome.Message, StringComparison.Ordinal);
    }
}
