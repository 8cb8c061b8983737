using AfirGen.Api.Durability;
using AfirGen.Api.Registry.Ledger;

namespace AfirGen.Api.Registry;

/// <summary>What a registry has stored of a FIR that somebody wants registered.</summary>
/// <param name="Operation">The request that registered it; null before.</param>
/// <param name="Registered">Its registration; null before.</param>
internal sealed record RegistrationCandidate(
    string SessionId,
    string Status,
    string CreatedAt,
    string ComplaintText,
    string? FirContent,
    string? ViolationsJson,
    string? Operation,
    Registered? Registered
);

/// <summary>Whether a FIR gets its official serial, and its place in the ledger. The same for every registry: only their SQL differs.</summary>
internal static class RegistrationDecision
{
    /// <returns>The outcome that is already certain; null when the FIR is to be registered now.</returns>
    public static DeliveryOutcome? Settled(RegistrationCandidate? candidate, Register register) =>
        candidate switch
        {
            null => new Refused(Refused.Unknown),
            { Registered: not null } when Mutations.Has(Mutations.DeliveryNotIdempotent) => null,
            { Registered: { } registered } when candidate.Operation == register.Operation => registered, // delivered twice: the same answer (G3)
            { Status: FirStatus.Finalized } => new Refused(Refused.AlreadyFinalized),
            { Status: FirStatus.Draft } => new Refused(Refused.NotPending),
            _ => null,
        };

    /// <param name="serial">The next one of this station and year.</param>
    /// <param name="head">
    /// Where the ledger ends. Nothing of earlier records goes in but the last one's hash, as the head keeps it: what is registered after one was
    /// altered is what it would have been otherwise, and stays when only the altering is left out of a replay (G1, deploy/binlog.sh).
    /// </param>
    public static Registered Enter(RegistrationCandidate candidate, Register register, long serial, LedgerHead head)
    {
        var number = new OfficialNumber(register.StationCode, register.Year, serial);
        var record = new LedgerRecord
        {
            FirNumber = register.FirNumber,
            SessionId = candidate.SessionId,
            Registration = number,
            CreatedAt = candidate.CreatedAt,
            FinalizedAt = register.RegisteredAt,
            ComplaintText = candidate.ComplaintText,
            FirContent = candidate.FirContent!,
            ViolationsJson = candidate.ViolationsJson!,
        };
        return new(
            number,
            register.RegisteredAt,
            record.Follow(Mutations.Has(Mutations.LedgerNotChained) ? head with { Hash = LedgerHead.Genesis.Hash } : head)
        );
    }
}
