using System.Security.Cryptography;

namespace AfirGen.Api.Registry.Ledger;

/// <summary>Where the ledger ends. The first entry follows <see cref="Genesis"/>.</summary>
internal sealed record LedgerHead(long Position, string Hash)
{
    public static readonly LedgerHead Genesis = new(0, new string('0', 64));
}

/// <summary>A record's place in the hash chain.</summary>
/// <param name="Position">1 for the first registered FIR, then gapless.</param>
/// <param name="PreviousHash">Of the entry before it: 64 hexadecimal digits.</param>
/// <param name="RecordHash">SHA-256 of the record's canonical bytes.</param>
internal sealed record LedgerEntry(long Position, string PreviousHash, string RecordHash)
{
    public LedgerHead AsHead() => new(Position, RecordHash);
}

/// <summary>
/// Everything of a registered FIR that its hash covers. A record that is altered, removed or moved breaks the chain at its place (G6).
/// </summary>
internal sealed record LedgerRecord
{
    public required string FirNumber { get; init; }
    public required string SessionId { get; init; }
    public required OfficialNumber Registration { get; init; }
    public required string CreatedAt { get; init; }
    public required string FinalizedAt { get; init; }
    public required string ComplaintText { get; init; }
    public required string FirContent { get; init; }
    public required string ViolationsJson { get; init; }

    /// <summary>The entry that puts this record behind <paramref name="head"/>.</summary>
    public LedgerEntry Follow(LedgerHead head)
    {
        var position = head.Position + 1;
        var hash = SHA256.HashData(CanonicalBytes(position, head.Hash));
        return new(position, head.Hash, Convert.ToHexStringLower(hash));
    }

    /// <inheritdoc cref="AfirGen.Api.CanonicalBytes"/>
    public byte[] CanonicalBytes(long position, string previousHash) =>
        new CanonicalBytes("AFIRGEN-LEDGER-1")
            .Add("position", position)
            .Add("previous_hash", previousHash)
            .Add("fir_number", FirNumber)
            .Add("session_id", SessionId)
            .Add("station_code", Registration.StationCode)
            .Add("registration_year", Registration.Year)
            .Add("registration_serial", Registration.Serial)
            .Add("created_at", CreatedAt)
            .Add("finalized_at", FinalizedAt)
            .Add("complaint_text", ComplaintText)
            .Add("fir_content", FirContent)
            .Add("violations_json", ViolationsJson)
            .ToArray();
}
