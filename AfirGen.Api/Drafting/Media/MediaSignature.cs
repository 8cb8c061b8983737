namespace AfirGen.Api.Drafting.Media;

/// <summary>The four file formats that are taken, told apart by their first bytes. Names lie; these do not.</summary>
internal enum MediaSignature
{
    Unknown,
    Jpeg,
    Png,
    Wave,
    MpegAudio,
}

internal static class MediaSignatures
{
    /// <summary>Bytes of the file's beginning that <see cref="Of"/> looks at.</summary>
    public const int Length = 12;

    public static MediaSignature Of(ReadOnlySpan<byte> head) =>
        head switch
        {
            _ when head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) => MediaSignature.Jpeg,
            _ when head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) =>
                MediaSignature.Png,
            _ when head.Length >= Length && head.StartsWith("RIFF"u8) && head[8..12].SequenceEqual("WAVE"u8) => MediaSignature.Wave,
            _ when head.StartsWith("ID3"u8) || IsMpegFrame(head) => MediaSignature.MpegAudio,
            _ => MediaSignature.Unknown,
        };

    // Eleven sync bits, and none of the reserved version, layer, bit rate and sampling rate: sync bits alone are found in noise.
    private static bool IsMpegFrame(ReadOnlySpan<byte> head) =>
        head.Length >= 4
        && head[0] == 0xFF
        && (head[1] & 0xE0) == 0xE0
        && (head[1] & 0x18) != 0x08
        && (head[1] & 0x06) != 0x00
        && (head[2] & 0xF0) != 0xF0
        && (head[2] & 0x0C) != 0x0C;
}
