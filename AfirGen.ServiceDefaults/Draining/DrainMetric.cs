using AfirGen.ServiceDefaults.Telemetry;

namespace AfirGen.ServiceDefaults.Draining;

/// <summary>What a drain publishes, as it is scraped.</summary>
public static class DrainMetric
{
    internal const string Clean = "clean";
    internal const string Timeout = "timeout";
    internal const string FlushError = "flush_error";
    internal const string Ok = "ok";
    internal const string Error = "error";
    private static readonly MetricLabel Outcome = new("outcome", Clean, Timeout, FlushError);
    private static readonly MetricLabel[] StepAndOutcome = [new("step"), new("outcome", Ok, Error)];

    /// <summary>Requests in flight.</summary>
    public static readonly MetricDefinition InFlight = new(
        "afirgen_inflight_requests",
        MetricKind.Gauge,
        "requests",
        "Admitted requests that have not ended"
    );

    /// <summary>Requests refused.</summary>
    public static readonly MetricDefinition Refused = new(
        "afirgen_drain_refused_total",
        MetricKind.Counter,
        "requests",
        "Requests answered 503 because the service drains"
    );

    /// <summary>Requests cancelled.</summary>
    public static readonly MetricDefinition Cancelled = new(
        "afirgen_drain_cancelled_total",
        MetricKind.Counter,
        "requests",
        "Requests cancelled at the drain deadline"
    );

    /// <summary>Flush steps.</summary>
    public static readonly MetricDefinition Flushes = new(
        "afirgen_flush_total",
        MetricKind.Counter,
        "steps",
        "Flush steps run, by outcome; every drain runs each step once"
    )
    {
        Labels = StepAndOutcome,
    };

    /// <summary>Duration of flush steps.</summary>
    public static readonly MetricDefinition FlushDuration = new(
        "afirgen_flush_duration_seconds",
        MetricKind.Histogram,
        MetricUnits.Seconds,
        "Duration of flush steps"
    )
    {
        Labels = StepAndOutcome,
        Buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    /// <summary>Drains.</summary>
    public static readonly MetricDefinition Shutdowns = new(
        "afirgen_shutdown_total",
        MetricKind.Counter,
        "drains",
        "Drains by outcome: clean, requests had to be cancelled, a flush step failed"
    )
    {
        Labels = [Outcome],
    };

    /// <summary>Duration of drains.</summary>
    public static readonly MetricDefinition ShutdownDuration = new(
        "afirgen_shutdown_duration_seconds",
        MetricKind.Histogram,
        MetricUnits.Seconds,
        "Duration of drains, flush included"
    )
    {
        Labels = [Outcome],
        Buckets = [0.05, 0.1, 0.5, 1, 2.5, 5, 10, 20, 30, 35, 45, 60],
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [InFlight, Refused, Cancelled, Flushes, FlushDuration, Shutdowns, ShutdownDuration];

    /// <summary>The value of the label <c>outcome</c> for how a drain ended.</summary>
    public static string OutcomeOf(DrainReport report) =>
        report.Outcome switch
        {
            DrainOutcome.Clean => Clean,
            DrainOutcome.Timeout => Timeout,
            _ => FlushError,
        };
}
