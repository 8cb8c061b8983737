using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AfirGen.Api.Backup;

/// <summary>What is stored of one file.</summary>
/// <param name="Bytes">Of the file itself.</param>
/// <param name="StoredBytes">Of the sealed one.</param>
/// <param name="Sha256">Of the sealed one, so that anybody can check a copy without the key.</param>
internal sealed record SealedContent(long Bytes, long StoredBytes, string Sha256);

/// <summary>
/// A file under AES-256-GCM, in chunks so that it may be of any size: the line <c>AFIRGEN-SEALED-1</c>, 32 bytes of salt, then each chunk of
/// 1 MiB (the last one shorter) with its tag of 16 bytes. The key is derived from the salt and the file's name, so one file does not pass
/// for another; the nonce holds the chunk's number and whether it is the last, so chunks left out, swapped or cut off do not open.
/// </summary>
internal static class SealedFile
{
    private const int ChunkBytes = 1024 * 1024;
    private const int TagBytes = 16;
    private const int SaltBytes = 32;
    private const int NonceBytes = 12;
    private static readonly byte[] Magic = "AFIRGEN-SEALED-1\n"u8.ToArray();

    /// <summary>Reads all of <paramref name="source"/> and returns after the fsync of <paramref name="path"/>, which must not exist.</summary>
    /// <param name="name">What it is restored as.</param>
    /// <param name="progress">Called with the bytes done after each chunk; may throw to stop.</param>
    public static SealedContent Seal(Stream source, string path, string name, BackupKey key, Action<long> progress)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        using var gcm = new AesGcm(key.Derive(salt, Purpose(name)), TagBytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        Write(Magic);
        Write(salt);
        var (chunk, next, cipher) = (new byte[ChunkBytes], new byte[ChunkBytes], new byte[ChunkBytes + TagBytes]);
        var length = source.ReadAtLeast(chunk, ChunkBytes, throwOnEndOfStream: false);
        long done = 0;
        for (ulong number = 0; ; number++)
        {
            var following = length < ChunkBytes ? 0 : source.ReadAtLeast(next, ChunkBytes, throwOnEndOfStream: false);
            var last = following == 0;
            gcm.Encrypt(Nonce(number, last), chunk.AsSpan(0, length), cipher.AsSpan(0, length), cipher.AsSpan(length, TagBytes));
            Write(cipher.AsSpan(0, length + TagBytes));
            done += length;
            progress(done);
            if (last)
            {
                break;
            }

            (chunk, next, length) = (next, chunk, following);
        }

        target.Flush(flushToDisk: true);
        return new(done, target.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));

        void Write(ReadOnlySpan<byte> bytes)
        {
            target.Write(bytes);
            hash.AppendData(bytes);
        }
    }

    /// <summary>Writes what was sealed to <paramref name="target"/>: all of it, exactly as it was, or an exception.</summary>
    /// <exception cref="BackupException">Damaged: altered, cut, out of order, another file's, or another key.</exception>
    public static void Open(string path, string name, BackupKey key, SealedContent wanted, Stream target, Action<long> progress)
    {
        using var source = new FileStream(path, FileMode.Open, FileAccess.Read);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var header = new byte[Magic.Length + SaltBytes];
        if (source.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || !header.AsSpan().StartsWith(Magic))
        {
            throw Damaged(path, "it does not begin as a sealed file");
        }

        hash.AppendData(header);
        using var gcm = new AesGcm(key.Derive(header.AsSpan(Magic.Length), Purpose(name)), TagBytes);
        var (chunk, plain) = (new byte[ChunkBytes + TagBytes], new byte[ChunkBytes]);
        long done = 0;
        for (ulong number = 0; ; number++)
        {
            var length = source.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) - TagBytes;
            if (length < 0)
            {
                throw Damaged(path, "it ends too early");
            }

            var last = source.Position == source.Length;
            hash.AppendData(chunk.AsSpan(0, length + TagBytes));
            try
            {
                gcm.Decrypt(Nonce(number, last), chunk.AsSpan(0, length), chunk.AsSpan(length, TagBytes), plain.AsSpan(0, length));
            }
            catch (AuthenticationTagMismatchException e)
            {
                throw Damaged(path, $"chunk {number} does not open: altered, cut off, out of order, or sealed with another key", e);
            }

            target.Write(plain.AsSpan(0, length));
            done += length;
            progress(done);
            if (last)
            {
                break;
            }
        }

        if (
            done != wanted.Bytes
            || source.Length != wanted.StoredBytes
            || Convert.ToHexStringLower(hash.GetHashAndReset()) != wanted.Sha256
        )
        {
            throw Damaged(path, "it is not the file that the manifest names");
        }
    }

    private static byte[] Nonce(ulong number, bool last)
    {
        var nonce = new byte[NonceBytes];
        BinaryPrimitives.WriteUInt64BigEndian(nonce, number);
        nonce[^1] = last ? (byte)1 : (byte)0;
        return nonce;
    }

    private static string Purpose(string name) => $"AFIRGEN-SEALED-1 {name}";

    private static BackupException Damaged(string path, string what, Exception? inner = null) =>
        new(BackupFault.Damaged, $"{path} is damaged: {what}.", inner);
}
