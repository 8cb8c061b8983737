namespace AfirGen.Api.Durability;

/// <summary>
/// Whether requests may be taken. Not ready from the first moment until the startup sequence says so, and not while a store is
/// configured in a way that could lose what it acknowledges (G7).
/// </summary>
internal sealed class ServiceReadiness
{
    private volatile string? _starting = "starting";
    private volatile string? _notDurable;

    /// <summary>The start is through: the journal is open and must be flushed at the end, whatever the settings of the stores are.</summary>
    public bool HasStarted => _starting is null;

    public bool IsReady => Reason is null;

    /// <summary>Why not; null when ready.</summary>
    public string? Reason => _starting ?? _notDurable;

    public void Ready() => _starting = null;

    public void NotReady(string reason) => _starting = reason;

    /// <param name="reason">The settings that are wrong; null when none is.</param>
    public void SetNotDurable(string? reason) => _notDurable = reason;
}
