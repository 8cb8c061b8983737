using AfirGen.Api.Registry.Ledger;

namespace AfirGen.Api.Registry;

/// <summary>One thing the registry must come to know about one session's FIR.</summary>
internal abstract record RegistryChange(string SessionId, string FirNumber)
{
    /// <summary>The furthest ledger entry that this service has seen; the registry must still have it, or the change is not made.</summary>
    public LedgerHead? Known { get; init; }

    /// <summary>The furthest of all.</summary>
    public static LedgerHead? FurthestKnown(IEnumerable<RegistryChange> changes) =>
        changes.Select(change => change.Known).OfType<LedgerHead>().MaxBy(head => head.Position);
}

/// <summary>A complaint was taken in.</summary>
internal sealed record RecordDraft(string SessionId, string FirNumber, string ComplaintText, string CreatedAt)
    : RegistryChange(SessionId, FirNumber);

/// <summary>The FIR was rendered and awaits registration; a later one replaces it.</summary>
internal sealed record RecordPending(string SessionId, string FirNumber, string ComplaintText, string FirContent, string ViolationsJson)
    : RegistryChange(SessionId, FirNumber);

/// <summary>Give the FIR its official serial.</summary>
/// <param name="Operation">Identifies the request, so that the same one delivered twice gets the same answer and another one is refused.</param>
/// <param name="RegisteredAt">UTC, the time that goes into the record.</param>
internal sealed record Register(string SessionId, string FirNumber, string Operation, string StationCode, int Year, string RegisteredAt)
    : RegistryChange(SessionId, FirNumber);

/// <summary>What became of a change. All of them are final: the change is not delivered again.</summary>
internal abstract record DeliveryOutcome;

internal sealed record Recorded : DeliveryOutcome;

internal sealed record Registered(OfficialNumber Registration, string RegisteredAt, LedgerEntry Entry) : DeliveryOutcome;

/// <summary>The change does not apply and never will; nothing was changed.</summary>
internal sealed record Refused(string Reason) : DeliveryOutcome
{
    public const string AlreadyFinalized = "already_finalized";
    public const string NotPending = "not_pending";
    public const string Unknown = "unknown_fir";
}
