using Microsoft.Extensions.Options;

namespace AfirGen.ServiceDefaults.Draining;

/// <summary>
/// The budgets of a stop, configuration section <c>Drain</c>. They nest: drain + grace &lt; host &lt; orchestrator. Otherwise a full
/// drain would be killed before the flush, which is checked at start (<see cref="DrainOptionsValidator"/>).
/// </summary>
public sealed class DrainOptions
{
    /// <summary>The configuration section that the options are bound to.</summary>
    public const string SectionName = "Drain";

    /// <summary>How long requests in flight may take to end by themselves.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long requests that were cancelled at the end of <see cref="DrainTimeout"/> get to unwind and answer.</summary>
    public TimeSpan CancellationGrace { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>When a refused client shall come back: the <c>Retry-After</c> header, rounded up to whole seconds.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What the host allows for the whole stop: becomes <c>HostOptions.ShutdownTimeout</c>.</summary>
    public TimeSpan HostShutdownTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>
    /// After how long the orchestrator kills the process (<c>stop_grace_period</c>, <c>terminationGracePeriodSeconds</c>). Nobody tells
    /// the process this number, so it is stated here for the check.
    /// </summary>
    public TimeSpan OrchestratorGracePeriod { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>What the <c>type</c> of a problem answer begins with; "draining" or "cancelled-by-drain" follows.</summary>
    public string ProblemTypePrefix { get; set; } = "urn:service:";

    /// <summary>
    /// What the flush steps have together: nine tenths of what drain and grace leave. The last tenth is the server's, to close connections.
    /// </summary>
    public TimeSpan FlushBudget => (HostShutdownTimeout - DrainTimeout - CancellationGrace) * 0.9;
}

/// <summary>Refuses budgets that do not nest, with one line that names the setting.</summary>
internal sealed class DrainOptionsValidator : IValidateOptions<DrainOptions>
{
    public ValidateOptionsResult Validate(string? name, DrainOptions options) =>
        Fault(options) is { } fault ? ValidateOptionsResult.Fail(fault) : ValidateOptionsResult.Success;

    private static string? Fault(DrainOptions options)
    {
        if (options.DrainTimeout <= TimeSpan.Zero)
        {
            return $"Drain:DrainTimeout must be positive, but is {options.DrainTimeout}.";
        }

        if (options.CancellationGrace < TimeSpan.Zero)
        {
            return $"Drain:CancellationGrace must not be negative, but is {options.CancellationGrace}.";
        }

        if (options.RetryAfter < TimeSpan.Zero)
        {
            return $"Drain:RetryAfter must not be negative, but is {options.RetryAfter}.";
        }

        if (options.DrainTimeout + options.CancellationGrace >= options.HostShutdownTimeout)
        {
            return $"Drain:HostShutdownTimeout ({options.HostShutdownTimeout}) must be longer than Drain:DrainTimeout + Drain:CancellationGrace"
                + $" ({options.DrainTimeout + options.CancellationGrace}), or nothing is left for the flush.";
        }

        if (options.HostShutdownTimeout >= options.OrchestratorGracePeriod)
        {
            return $"Drain:OrchestratorGracePeriod ({options.OrchestratorGracePeriod}) must be longer than Drain:HostShutdownTimeout"
                + $" ({options.HostShutdownTimeout}), or the process is killed before its stop ends.";
        }

        return string.IsNullOrWhiteSpace(options.ProblemTypePrefix) ? "Drain:ProblemTypePrefix must not be empty." : null;
    }
}
