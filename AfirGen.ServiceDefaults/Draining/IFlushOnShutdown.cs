namespace AfirGen.ServiceDefaults.Draining;

/// <summary>
/// One step of the flush that follows a drain, registered as a singleton. Steps run one after another by <see cref="Order"/>; a step that
/// throws is logged and recorded, and the next one runs all the same. Steps run again at every drain, so they must be repeatable; one that
/// seals its store for good asks <see cref="DrainSignal.IsLastFlush"/> first. Take that, not <see cref="DrainCoordinator"/>, as a dependency.
/// </summary>
public interface IFlushOnShutdown
{
    /// <summary>Lower runs earlier. Steps with equal order run in the order of registration.</summary>
    int Order { get; }

    /// <summary>Names the step in logs, reports and metric labels, e.g. "journal".</summary>
    string Name { get; }

    /// <summary>Brings what this step owns to disk. Throws when it could not: returning means it is there.</summary>
    /// <param name="cancellationToken">
    /// Ends this step's share of <see cref="DrainOptions.FlushBudget"/>. A step that does not end then is recorded as failed and left behind.
    /// </param>
    Task FlushAsync(CancellationToken cancellationToken);
}
