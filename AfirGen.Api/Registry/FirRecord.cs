using AfirGen.Api.Registry.Ledger;

namespace AfirGen.Api.Registry;

/// <summary>Statuses of a record. A finalized one never changes again.</summary>
internal static class FirStatus
{
    public const string Draft = "draft";
    public const string Pending = "pending";
    public const string Finalized = "finalized";
}

internal sealed record FirRecord(
    string FirNumber,
    string SessionId,
    string ComplaintText,
    string? FirContent,
    string? ViolationsJson,
    string Status,
    string CreatedAt,
    string? FinalizedAt,
    OfficialNumber? Registration,
    LedgerEntry? Entry
);

internal sealed record FirListing(string FirNumber, string Status, string CreatedAt);

/// <summary>The official number of a registered FIR: gapless for each station and year, never used twice (G4).</summary>
internal sealed record OfficialNumber(string StationCode, int Year, long Serial)
{
    public string Number => $"{StationCode}/{Year}/{Serial:0000}";
}
