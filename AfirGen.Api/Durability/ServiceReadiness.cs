namespace AfirGen.Api.Durability;

/// <summary>Whether requests may be taken. Not ready from the first moment until the startup sequence says so (G7).</summary>
internal sealed class ServiceReadiness
{
    private volatile string? _reason = "starting";

    public bool IsReady => _reason is null;

    /// <summary>Why not; null when ready.</summary>
    public string? Reason => _reason;

    public void Ready() => _reason = null;

    public void NotReady(string reason) => _reason = reason;
}
