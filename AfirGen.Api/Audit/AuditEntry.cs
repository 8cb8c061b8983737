using System.Security.Cryptography;

namespace AfirGen.Api.Audit;

/// <summary>Who did what to what, and what came of it. Never text of a complaint, never a key.</summary>
/// <param name="KeyId">The beginning of the key's hash; <c>local</c> where no key is wanted; "" when it was nobody's key.</param>
/// <param name="KeyName">As people know it: of the key, <c>account NAME</c> of a command, or <c>service</c>.</param>
/// <param name="Roles"><c>officer,registrar</c>; "" without a key.</param>
/// <param name="Action">One of <see cref="AuditActions"/>.</param>
/// <param name="Subject">FIR number, or what else it was done to; "" when nothing.</param>
/// <param name="Outcome">What came of it: <c>version 7</c> of the session, an official number, <c>done</c>, or why it was refused.</param>
/// <param name="Address">Of the other end of the connection; "" without one.</param>
internal sealed record AuditEntry(string KeyId, string KeyName, string Roles, string Action, string Subject, string Outcome, string Address)
{
    /// <summary>Done by the service itself: what was asked for earlier, or what nobody asks for.</summary>
    public static AuditEntry OfService(string action, string subject, string outcome) =>
        new("", "service", "", action, subject, outcome, "");

    /// <summary>Done by a command, under an account of the operating system.</summary>
    public static AuditEntry OfAccount(string account, string action, string subject, string outcome) =>
        new("", $"account {account}", "", action, subject, outcome, "");
}

/// <summary>Where the log ends: its last record.</summary>
internal sealed record AuditHead(long Sequence, byte[] Hash)
{
    public static readonly AuditHead Genesis = new(0, new byte[SHA256.HashSizeInBytes]);

    public string HexHash => Convert.ToHexStringLower(Hash);

    public override string ToString() => $"{Sequence}:{HexHash}";
}

/// <summary>An entry in its place. Its hash covers the hash of the record before it: what is altered, moved or removed breaks the chain there.</summary>
/// <param name="Sequence">1 for the first one, then gapless.</param>
/// <param name="At">UTC, ISO 8601.</param>
internal sealed record AuditRecord(long Sequence, string At, AuditEntry Entry, byte[] PreviousHash, byte[] Hash)
{
    public static AuditRecord Follow(AuditHead head, string at, AuditEntry entry)
    {
        var sequence = head.Sequence + 1;
        return new(sequence, at, entry, head.Hash, HashOf(sequence, at, entry, head.Hash));
    }

    public AuditHead AsHead() => new(Sequence, Hash);

    private static byte[] HashOf(long sequence, string at, AuditEntry entry, byte[] previousHash) =>
        SHA256.HashData(
            new CanonicalBytes("AFIRGEN-AUDIT-1")
                .Add("seq", sequence)
                .Add("previous_hash", Convert.ToHexStringLower(previousHash))
                .Add("at", at)
                .Add("key_id", entry.KeyId)
                .Add("key_name", entry.KeyName)
                .Add("roles", entry.Roles)
                .Add("action", entry.Action)
                .Add("subject", entry.Subject)
                .Add("outcome", entry.Outcome)
                .Add("address", entry.Address)
                .ToArray()
        );
}
