using AfirGen.Api.Reliability;
using AfirGen.Tests.Chat;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AfirGen.Tests.Reliability;

/// <summary>Breakers, recovery and monitor on a clock that the test moves.</summary>
internal sealed class ReliabilityStack : IDisposable
{
    private readonly ILoggerFactory _loggers;

    public ReliabilityStack(params IDependencyProbe[] probes)
    {
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(Logs));
        Breakers = new(Time);
        Probes = new(probes, Time, _loggers.CreateLogger<DependencyProbes>());
        Recovery = new(Breakers, Probes, Time, _loggers.CreateLogger<AutoRecovery>());
        Monitor = new(Breakers, Probes, Recovery, Time, _loggers.CreateLogger<HealthMonitor>());
    }

    public FakeTimeProvider Time { get; } = new();
    public RecordingLogs Logs { get; } = new();
    public CircuitBreakers Breakers { get; }
    public DependencyProbes Probes { get; }
    public AutoRecovery Recovery { get; }
    public HealthMonitor Monitor { get; }

    public static async Task OpenAsync(NamedCircuitBreaker breaker)
    {
        for (var i = 0; i < NamedCircuitBreaker.Threshold; i++)
        {
            await Assert.ThrowsAsync<IOException>(() =>
                breaker.ExecuteAsync(_ => ValueTask.FromException(new IOException()), CancellationToken.None).AsTask()
            );
        }
    }

    /// <summary>Moves the clock second by second until <paramref name="reached"/>, so that timers set meanwhile are met.</summary>
    public async Task AdvanceUntilAsync(Func<bool> reached)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!reached())
        {
            deadline.Token.ThrowIfCancellationRequested();
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, deadline.Token);
        }
    }

    public void Dispose()
    {
        Monitor.Dispose();
        Recovery.Dispose();
        _loggers.Dispose();
    }
}

internal sealed class ScriptedProbe(string name) : IDependencyProbe
{
    private int _probed;

    public string Name => name;
    public bool Configured { get; init; } = true;
    public int Probed => Volatile.Read(ref _probed);
    public Func<CancellationToken, Task<bool>> Answer { get; set; } = _ => Task.FromResult(true);

    public Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _probed);
        return Answer(cancellationToken);
    }
}
