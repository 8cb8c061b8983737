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

/// <summary>What somebody looks for; null members do not matter.</summary>
/// <param name="Number">Part of an FIR number or of an official number.</param>
/// <param name="From">First instant of <c>created_at</c>, as the journal stamps it.</param>
/// <param name="Before">First instant after it.</param>
internal sealed record FirSearch(string? Number, string? Status, string? From, string? Before)
{
    /// <summary>For LIKE with <c>!</c> as its escape character.</summary>
    public string? NumberPattern =>
        Number is null
            ? null
            : $"%{Number.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%";
}

internal sealed record FirFound(string FirNumber, string Status, string CreatedAt, string SessionId, OfficialNumber? Registration);

/// <summary>The official number of a registered FIR: gapless for each station and year, never used twice (G4).</summary>
internal sealed record OfficialNumber(string StationCode, int Year, long Serial)
{
    public string Number => $"{StationCode}/{Year}/{Serial:0000}";
}
