namespace AfirGen.Api.Reliability;

/// <param name="Name">One of <see cref="DependencyNames"/>.</param>
/// <param name="Configured">False: this installation does without the dependency, it is not checked, and what follows says nothing.</param>
/// <param name="Healthy">The last check's result; null before the first one.</param>
/// <param name="LastCheck">UTC.</param>
/// <param name="UptimePercentage">0..100, over the checks in the history.</param>
/// <param name="HistorySize">Checks in the history, at most <see cref="HealthHistory.Capacity"/>.</param>
internal sealed record HealthStatus(
    string Name,
    bool Configured,
    bool? Healthy,
    DateTimeOffset? LastCheck,
    double? UptimePercentage,
    int HistorySize
);

/// <summary>The last checks of one dependency. Safe to read while a check is recorded.</summary>
internal sealed class HealthHistory(string name)
{
    public const int Capacity = 100;

    private readonly Queue<bool> _checks = new(Capacity);
    private readonly Lock _gate = new();
    private bool? _healthy;
    private DateTimeOffset? _lastCheck;

    /// <returns>Whether the health changed. A dependency counts as healthy until its first check.</returns>
    public bool Record(bool healthy, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (_checks.Count == Capacity)
            {
                _checks.Dequeue();
            }

            _checks.Enqueue(healthy);
            var changed = healthy != (_healthy ?? true);
            (_healthy, _lastCheck) = (healthy, at);
            return changed;
        }
    }

    public HealthStatus Status(bool configured)
    {
        lock (_gate)
        {
            double? uptime = _checks.Count == 0 ? null : 100.0 * _checks.Count(healthy => healthy) / _checks.Count;
            return new(name, configured, _healthy, _lastCheck, uptime, _checks.Count);
        }
    }
}
