namespace AfirGen.Api.Access;

/// <summary>A key that the service takes, known by its hash alone.</summary>
/// <param name="Hash">
/// SHA-256, for a stored key a fast hash on purpose: slow ones make guessing dear where people chose the secret. Nobody guesses 256 random
/// bits, however fast the guesses are, and a slow hash would be paid by every request.
/// </param>
/// <param name="IsUnguessable">Random as this program draws them, or so long. A short one may be a word that somebody thought of.</param>
internal sealed record AccessKey(Accessor Accessor, byte[] Hash, bool IsUnguessable)
{
    private const int IdBytes = 8;

    /// <summary>Null: until it is revoked.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The beginning of the hash: names a key without revealing it.</summary>
    public static string IdOf(byte[] hash) => Convert.ToHexStringLower(hash.AsSpan(0, IdBytes));

    /// <summary>Why it is no longer taken; null while it is.</summary>
    public KeyRefusal? LapseAt(DateTimeOffset now) =>
        RevokedAt is not null ? KeyRefusal.Revoked
        : now >= ExpiresAt ? KeyRefusal.Expired
        : null;
}

/// <summary>Why a key is not taken.</summary>
internal enum KeyRefusal
{
    /// <summary>It is nobody's.</summary>
    Unknown,
    Expired,
    Revoked,

    /// <summary>Too many that were nobody's came from that address: this one was not looked at.</summary>
    Limited,
}
