using System.Text.Json.Serialization;

namespace AfirGen.ServiceDefaults.Draining;

/// <summary>Where the service stands between taking requests and being gone.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DrainState>))]
public enum DrainState
{
    /// <summary>Requests are admitted.</summary>
    [JsonStringEnumMemberName("serving")]
    Serving,

    /// <summary>New requests are refused; those in flight are waited for, or the flush runs.</summary>
    [JsonStringEnumMemberName("draining")]
    Draining,

    /// <summary>An operator's drain has ended: requests are refused until resumed.</summary>
    [JsonStringEnumMemberName("drained")]
    Drained,

    /// <summary>The process is on its way out; nothing brings it back.</summary>
    [JsonStringEnumMemberName("stopping")]
    Stopping,
}

/// <summary>How a drain ended. A failed flush weighs more than a timeout.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DrainOutcome>))]
public enum DrainOutcome
{
    /// <summary>All requests ended by themselves and all flush steps succeeded.</summary>
    [JsonStringEnumMemberName("clean")]
    Clean,

    /// <summary>Requests had to be cancelled; all flush steps succeeded.</summary>
    [JsonStringEnumMemberName("timeout")]
    Timeout,

    /// <summary>A flush step failed.</summary>
    [JsonStringEnumMemberName("flush_error")]
    FlushError,
}

/// <summary>The state of the drain now.</summary>
/// <param name="State">Serving, draining, drained or stopping.</param>
/// <param name="InFlight">Admitted requests that have not ended.</param>
/// <param name="Since">When the state was entered (UTC).</param>
/// <param name="LastReport">What the last completed drain did; null when there was none.</param>
public sealed record DrainStatus(DrainState State, int InFlight, DateTimeOffset Since, DrainReport? LastReport);

/// <summary>What one drain did.</summary>
/// <param name="Reason">Who asked for it.</param>
/// <param name="StartedAt">When new requests began to be refused (UTC).</param>
/// <param name="Duration">From then to the end of the last flush step.</param>
/// <param name="ActiveAtStart">Requests in flight when the drain began.</param>
/// <param name="Cancelled">Requests still in flight at the deadline, and cancelled then.</param>
/// <param name="Abandoned">Requests that did not even end within the grace after that.</param>
/// <param name="ForStop">True when all flush steps ran with <see cref="DrainSignal.IsLastFlush"/> set.</param>
/// <param name="Steps">The flush steps, in the order in which they ran.</param>
public sealed record DrainReport(
    string Reason,
    DateTimeOffset StartedAt,
    TimeSpan Duration,
    int ActiveAtStart,
    int Cancelled,
    int Abandoned,
    bool ForStop,
    IReadOnlyList<FlushStepReport> Steps
)
{
    /// <summary>True when every flush step succeeded.</summary>
    public bool Flushed => Steps.All(step => step.Succeeded);

    /// <summary>How the drain ended.</summary>
    public DrainOutcome Outcome =>
        !Flushed ? DrainOutcome.FlushError
        : Cancelled > 0 ? DrainOutcome.Timeout
        : DrainOutcome.Clean;
}

/// <summary>What one flush step did.</summary>
/// <param name="Name">The step.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Error">Why it failed; null when it succeeded.</param>
public sealed record FlushStepReport(string Name, TimeSpan Duration, string? Error)
{
    /// <summary>True when the step returned in time and without an exception.</summary>
    public bool Succeeded => Error is null;
}
