using System.Security.Cryptography;
using System.Text;

namespace AfirGen.Api.Backup;

/// <summary>The secret that backups are sealed with. Every file and the manifest get a key of their own, derived from it.</summary>
internal sealed class BackupKey
{
    public const int KeyBytes = 32;
    private readonly byte[] _secret;

    private BackupKey(byte[] secret) => _secret = secret;

    /// <exception cref="BackupException">It is not there, or holds no key.</exception>
    public static BackupKey Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(BackupFault.Configuration, $"{path} cannot be read: {e.Message}", e);
        }

        return text.Length == KeyBytes * 2 && text.All(char.IsAsciiHexDigit)
            ? new(Convert.FromHexString(text))
            : throw new BackupException(
                BackupFault.Configuration,
                $"{path} does not hold {KeyBytes * 2} hexadecimal digits. Make one with: openssl rand -hex {KeyBytes}"
            );
    }

    /// <param name="purpose">What the key is for: two purposes never share one.</param>
    public byte[] Derive(ReadOnlySpan<byte> salt, string purpose)
    {
        var key = new byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, key, salt, Encoding.UTF8.GetBytes(purpose));
        return key;
    }
}
