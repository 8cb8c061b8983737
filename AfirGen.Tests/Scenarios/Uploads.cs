using AfirGen.Tests.Media;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>Files that complainants bring.</summary>
internal static class Uploads
{
    /// <summary>The header of a WAV file and no sound.</summary>
    public static readonly byte[] Recording = [.. "RIFF"u8, 36, 0, 0, 0, .. "WAVEfmt "u8, .. new byte[28]];

    public static byte[] Letter => Fixture.Image("english.png");

    public static Task<Reply> ImageAsync(ApiClient client, string? key = null) =>
        client.UploadAsync("image", "letter.png", "image/png", Letter, key);

    public static Task<Reply> AudioAsync(ApiClient client, string? key = null) =>
        client.UploadAsync("audio", "call.wav", "audio/wav", Recording, key);
}
