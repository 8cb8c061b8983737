using System.Security.Cryptography;
using System.Text;

namespace AfirGen.Api.Access;

/// <summary>
/// A stored key as its holder has it: <c>afir_</c>, 256 random bits and 32 bits of checksum in hexadecimal digits. Prefix and checksum let
/// scanners find one in a repository or a log without taking other texts for it, and tell a mistyped key from a strange one.
/// </summary>
internal static class KeyText
{
    public const string Prefix = "afir_";
    private const int RandomBytes = 32;
    private const int ChecksumBytes = 4;
    private const int Length = 5 + (2 * (RandomBytes + ChecksumBytes));

    public static string New()
    {
        var body = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));
        return body + Checksum(body);
    }

    /// <summary>False: it looks like a stored key, and was cut or mistyped.</summary>
    public static bool MayBeWhole(string key) =>
        !key.StartsWith(Prefix, StringComparison.Ordinal)
        || (key.Length == Length && key.EndsWith(Checksum(key[..^(2 * ChecksumBytes)]), StringComparison.Ordinal));

    private static string Checksum(string body) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)).AsSpan(0, ChecksumBytes));
}
