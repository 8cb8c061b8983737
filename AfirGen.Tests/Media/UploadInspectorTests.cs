using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Media;

namespace AfirGen.Tests.Media;

[Trait("Defect", "D-46")]
public sealed class UploadInspectorTests
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, (byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1];
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13];
    private static readonly byte[] Wave = [.. "RIFF"u8, 1, 2, 3, 4, .. "WAVE"u8];
    private static readonly byte[] Avi = [.. "RIFF"u8, 1, 2, 3, 4, .. "AVI "u8];
    private static readonly byte[] Id3 = [.. "ID3"u8, 4, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] Mpeg = [0xFF, 0xFB, 0x90, 0x64, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] Exe = [.. "MZ"u8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static TheoryData<string, string, string, byte[], string> Taken =>
        new()
        {
            { "image", "letter.jpg", "image/jpeg", Jpeg, "image/jpeg" },
            { "image", "LETTER.JPEG", "image/jpg", Jpeg, "image/jpeg" },
            { "image", "पत्र.png", "image/png", Png, "image/png" },
            { "audio", "a.wav", "audio/x-wav", Wave, "audio/wav" },
            { "audio", "a.wav", "audio/wav; codecs=1", Wave, "audio/wav" },
            { "audio", "a.wav", "application/octet-stream", Wave, "audio/wav" },
            { "audio", "a.mp3", "audio/mpeg", Id3, "audio/mpeg" },
            { "audio", "a.mp3", "audio/mp3", Mpeg, "audio/mpeg" },
            { "audio", "a.mpeg", "video/mpeg", Mpeg, "audio/mpeg" },
        };

    public static TheoryData<string, string, string, byte[], string> Refused =>
        new()
        {
            { "image", "letter.jpg", "image/jpeg", Png, "image: the name ends in .jpg but the content is a PNG image" },
            { "image", "letter.png", "image/jpeg", Png, "image: the name ends in .png but the declared content type is 'image/jpeg'" },
            { "image", "letter.png", "", Png, "image: the name ends in .png but the declared content type is ''" },
            { "image", "letter.gif", "image/gif", Png, "image: files named .jpg, .jpeg, .png are taken, not '.gif'" },
            { "image", "a.wav", "audio/wav", Wave, "image: files named .jpg, .jpeg, .png are taken, not '.wav'" },
            { "audio", "letter.png", "image/png", Png, "audio: files named .wav, .mp3, .mpeg are taken, not '.png'" },
            {
                "audio",
                "a.mp3",
                "audio/mpeg",
                Exe,
                "audio: the name ends in .mp3 but the content is neither an image nor a recording that is taken"
            },
            {
                "audio",
                "a.wav",
                "audio/wav",
                Avi,
                "audio: the name ends in .wav but the content is neither an image nor a recording that is taken"
            },
            { "audio", "a.mp3", "audio/mpeg", Jpeg, "audio: the name ends in .mp3 but the content is a JPEG image" },
            { "audio", "a.mp3", "application/octet-stream", Wave, "audio: the name ends in .mp3 but the content is a WAV recording" },
            {
                "audio",
                "a.mp3",
                "audio/mpeg",
                [0xFF],
                "audio: the name ends in .mp3 but the content is neither an image nor a recording that is taken"
            },
            { "audio", "a.mp3", "audio/mpeg", [], "audio: the name ends in .mp3 but the content is empty" },
        };

    [Theory, MemberData(nameof(Taken))]
    public void A_file_whose_name_type_and_bytes_agree_is_taken(string field, string name, string type, byte[] head, string canonical)
    {
        var kind = field == "image" ? ComplaintSource.Image : ComplaintSource.Audio;

        Assert.Equal(new UploadVerdict.Ok(kind, canonical), UploadInspector.Inspect(field, name, type, head.Length, head));
    }

    [Theory, MemberData(nameof(Refused))]
    public void A_file_whose_name_type_or_bytes_disagree_is_refused(string field, string name, string type, byte[] head, string detail)
    {
        Assert.Equal(new UploadVerdict.Refused(415, detail), UploadInspector.Inspect(field, name, type, head.Length, head));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("../letter.png")]
    [InlineData("..\\letter.png")]
    [InlineData("letter\0.png")]
    [InlineData("letter\n.png")]
    public void A_file_name_that_is_no_plain_name_is_refused(string? name)
    {
        Assert.Equal(400, Assert.IsType<UploadVerdict.Refused>(UploadInspector.Inspect("image", name, "image/png", 12, Png)).Status);
    }

    [Fact]
    public void A_file_of_25_MiB_is_taken_and_one_byte_more_is_refused()
    {
        Assert.IsType<UploadVerdict.Ok>(UploadInspector.Inspect("image", "a.png", "image/png", UploadInspector.MaxFileBytes, Png));
        Assert.Equal(
            413,
            Assert
                .IsType<UploadVerdict.Refused>(
                    UploadInspector.Inspect("image", "a.png", "image/png", UploadInspector.MaxFileBytes + 1, Png)
                )
                .Status
        );
    }
}
