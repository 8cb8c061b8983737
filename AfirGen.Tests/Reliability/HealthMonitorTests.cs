using AfirGen.Api.Reliability;

namespace AfirGen.Tests.Reliability;

public sealed class HealthMonitorTests : IDisposable
{
    private readonly ScriptedProbe _model = new(DependencyNames.ModelServer);
    private readonly ScriptedProbe _media = new(DependencyNames.AsrOcrServer) { Configured = false };
    private readonly ReliabilityStack _stack;

    public HealthMonitorTests() => _stack = new(_model, _media);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HealthStatus Model => _stack.Monitor.Statuses.Single(status => status.Name == DependencyNames.ModelServer);

    private IReadOnlyList<string> HealthLines =>
        [.. _stack.Logs.Lines.Where(line => line.Contains("Health check", StringComparison.Ordinal)).Select(line => line.Trim())];

    public void Dispose() => _stack.Dispose();

    [Fact]
    public async Task Only_a_change_of_health_is_logged()
    {
        foreach (var healthy in (bool[])[true, true, false, false, true, true])
        {
            _model.Answer = _ => Task.FromResult(healthy);
            await _stack.Monitor.CheckAsync(Cancellation);
        }

        Assert.Equal(["Warning: Health check 'model_server': FAILED", "Information: Health check 'model_server': RECOVERED"], HealthLines);
        Assert.Equal(100.0 * 4 / 6, Model.UptimePercentage!.Value, precision: 6);
    }

    [Fact]
    public async Task A_dependency_that_fails_from_the_start_is_logged()
    {
        _model.Answer = _ => throw new IOException();

        await _stack.Monitor.CheckAsync(Cancellation);

        Assert.Equal(["Warning: Health check 'model_server': FAILED"], HealthLines);
        Assert.False(_stack.Monitor.OverallHealthy);
    }

    [Fact]
    public async Task The_history_keeps_the_last_hundred_checks()
    {
        _model.Answer = _ => Task.FromResult(false);
        await _stack.Monitor.CheckAsync(Cancellation);
        _model.Answer = _ => Task.FromResult(true);
        for (var check = 0; check < HealthHistory.Capacity; check++)
        {
            await _stack.Monitor.CheckAsync(Cancellation);
        }

        Assert.Equal(new HealthStatus("model_server", true, true, _stack.Time.GetUtcNow(), 100, 100), Model);
    }

    [Fact]
    public async Task What_is_not_configured_is_not_probed_and_is_reported_as_such()
    {
        await _stack.Monitor.CheckAsync(Cancellation);

        Assert.Equal(0, _media.Probed);
        Assert.Equal([true, false, false], _stack.Monitor.Statuses.Select(status => status.Configured));
        Assert.Equal([true, null, null], _stack.Monitor.Statuses.Select(status => status.Healthy));
        Assert.True(_stack.Monitor.OverallHealthy);
    }

    [Fact]
    public async Task A_dependency_with_an_open_breaker_is_recovered_without_waiting_for_the_next_check()
    {
        _model.Answer = _ => Task.FromResult(false);
        await ReliabilityStack.OpenAsync(_stack.Breakers.ModelServer);
        await _stack.Monitor.StartAsync(Cancellation);
        await _stack.AdvanceUntilAsync(() => _model.Probed >= 4); // the check, and a run of the recovery
        Assert.Equal("open", _stack.Breakers.ModelServer.Status.State);

        _model.Answer = _ => Task.FromResult(true);
        var back = _stack.Time.GetUtcNow();
        await _stack.AdvanceUntilAsync(() => _stack.Breakers.ModelServer.IsClosed);

        Assert.True(_stack.Time.GetUtcNow() - back <= 2 * HealthMonitor.RecoveryInterval);
        Assert.Single(_stack.Logs.Lines, line => line.Contains("no answer after", StringComparison.Ordinal)); // however many runs
    }

    [Fact]
    public async Task Checks_run_at_start_and_every_thirty_seconds_until_stopped()
    {
        await _stack.Monitor.StartAsync(Cancellation);
        await UntilAsync(() => _model.Probed == 1);
        _stack.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(1, _model.Probed);
        _stack.Time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => _model.Probed == 2);

        await _stack.Monitor.StopAsync(Cancellation);
        _stack.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(2, _model.Probed);
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!reached())
        {
            await Task.Delay(5, deadline.Token);
        }
    }
}
