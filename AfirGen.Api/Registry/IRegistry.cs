using AfirGen.Api.Registry.Ledger;
using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Registry;

/// <summary>
/// The system of record for FIRs. Fed by the outbox alone, so changes of one session arrive in order; each change is idempotent,
/// so delivering it twice changes nothing.
/// </summary>
internal interface IRegistry
{
    /// <summary><c>embedded</c> or <c>mysql</c>.</summary>
    string Kind { get; }

    /// <summary>Checks, migrates, opens. Called until it succeeds.</summary>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Applies <paramref name="changes"/> in ONE transaction and returns after its commit (G1, G2).</summary>
    /// <exception cref="RegistryUnavailableException">The registry did not confirm.</exception>
    Task<IReadOnlyList<DeliveryOutcome>> DeliverAsync(IReadOnlyList<RegistryChange> changes, CancellationToken cancellationToken);

    /// <exception cref="RegistryUnavailableException">It cannot be read now.</exception>
    Task<FirRecord?> FindAsync(string firNumber, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<FirListing>> ListAsync(int limit, int offset, CancellationToken cancellationToken);

    /// <summary>
    /// Those that come after a record in the same order, however deep it lies: its place is looked up, nothing is skipped one by one.
    /// </summary>
    /// <returns>Null when there is no such record.</returns>
    Task<IReadOnlyList<FirListing>?> ListAfterAsync(string firNumber, int limit, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    /// <exception cref="RegistryUnavailableException">It cannot be read now.</exception>
    Task<IReadOnlyList<FirFound>> SearchAsync(FirSearch search, int limit, int offset, CancellationToken cancellationToken);

    /// <summary>Of these FIR numbers, the status of each that exists.</summary>
    Task<IReadOnlyDictionary<string, string>> StatusesAsync(IReadOnlyList<string> firNumbers, CancellationToken cancellationToken);

    /// <summary>Registered records behind <paramref name="afterPosition"/> in ledger order, and the ledger's end, as one commit left them.</summary>
    /// <exception cref="RegistryUnavailableException">It cannot be read now.</exception>
    Task<LedgerPage> ReadLedgerAsync(long afterPosition, int count, CancellationToken cancellationToken);

    /// <summary>Throws when the registry does not answer.</summary>
    Task ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Pushes what can be pushed to disk. The guarantee never rests on it: that is the commit.</summary>
    Task FlushAsync(CancellationToken cancellationToken);

    /// <summary>What the guarantee needs, read from live connections.</summary>
    Task<IReadOnlyList<DurabilitySetting>> ReadSettingsAsync(CancellationToken cancellationToken);
}

/// <param name="message">What is wrong.</param>
/// <param name="outcomeUnknown">
/// True when the commit was under way: the changes may be there or not, and only delivering them again tells. False: nothing happened.
/// </param>
internal sealed class RegistryUnavailableException(string message, bool outcomeUnknown, Exception? inner = null) : Exception(message, inner)
{
    public bool OutcomeUnknown { get; } = outcomeUnknown;

    /// <summary>Set when it answers and its ledger is not what it was.</summary>
    public LedgerFault? Fault { get; init; }
}
