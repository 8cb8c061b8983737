namespace AfirGen.Api.Drafting.Media;

/// <summary>Whether an uploaded file is taken.</summary>
internal abstract record UploadVerdict
{
    /// <param name="Kind">What the file is.</param>
    /// <param name="ContentType">Canonical, from the bytes: image/jpeg, image/png, audio/wav or audio/mpeg.</param>
    public sealed record Ok(ComplaintSource Kind, string ContentType) : UploadVerdict;

    /// <param name="Status">400 for the name, 413 for the size, 415 for the kind.</param>
    /// <param name="Detail">Names the form field and what was found in it.</param>
    public sealed record Refused(int Status, string Detail) : UploadVerdict;
}

/// <summary>
/// Takes a file only when its extension, its declared type and its bytes all say the same. A pure function.
/// </summary>
internal static class UploadInspector
{
    public const long MaxFileBytes = 25 * 1024 * 1024;
    public const int MaxFileNameLength = 255;

    private static readonly Format[] Formats =
    [
        new(MediaSignature.Jpeg, ComplaintSource.Image, "a JPEG image", "image/jpeg", [".jpg", ".jpeg"], ["image/jpeg", "image/jpg"]),
        new(MediaSignature.Png, ComplaintSource.Image, "a PNG image", "image/png", [".png"], ["image/png"]),
        new(
            MediaSignature.Wave,
            ComplaintSource.Audio,
            "a WAV recording",
            "audio/wav",
            [".wav"],
            ["audio/wav", "audio/x-wav", "audio/wave"]
        ),
        // Browsers go by the extension and call a recording that is named .mpeg a video.
        new(
            MediaSignature.MpegAudio,
            ComplaintSource.Audio,
            "an MPEG recording",
            "audio/mpeg",
            [".mp3", ".mpeg"],
            ["audio/mpeg", "audio/mp3", "video/mpeg"]
        ),
    ];

    /// <summary>What curl says of a .wav or .mp3: "I do not know". The extension and the bytes still have to agree.</summary>
    private const string Undeclared = "application/octet-stream";

    /// <param name="field">The form field, <c>image</c> or <c>audio</c>; it says which kind is wanted.</param>
    /// <param name="fileName">As the client sent it.</param>
    /// <param name="declaredContentType">As the client sent it, parameters allowed.</param>
    /// <param name="length">Bytes in the whole file.</param>
    /// <param name="head">The first <see cref="MediaSignatures.Length"/> bytes, or all that there are.</param>
    public static UploadVerdict Inspect(string field, string? fileName, string? declaredContentType, long length, ReadOnlySpan<byte> head)
    {
        if (NameProblem(fileName) is { } problem)
        {
            return new UploadVerdict.Refused(StatusCodes.Status400BadRequest, $"{field}: the file name {problem}");
        }

        if (length > MaxFileBytes)
        {
            return new UploadVerdict.Refused(StatusCodes.Status413PayloadTooLarge, $"{field}: the file is larger than 25 MiB");
        }

        var wanted = field == "image" ? ComplaintSource.Image : ComplaintSource.Audio;
        var extension = Path.GetExtension(fileName!).ToLowerInvariant();
        var byName = Formats.FirstOrDefault(format => format.Kind == wanted && format.Extensions.Contains(extension));
        if (byName is null)
        {
            var taken = string.Join(", ", Formats.Where(format => format.Kind == wanted).SelectMany(format => format.Extensions));
            return Unsupported(field, $"files named {taken} are taken, not '{extension}'");
        }

        var declared = (declaredContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
        if (declared != Undeclared && !byName.ContentTypes.Contains(declared))
        {
            return Unsupported(field, $"the name ends in {extension} but the declared content type is '{declared}'");
        }

        var signature = MediaSignatures.Of(head);
        if (signature != byName.Signature)
        {
            var found =
                length == 0
                    ? "empty"
                    : Formats.FirstOrDefault(format => format.Signature == signature)?.Description
                        ?? "neither an image nor a recording that is taken";
            return Unsupported(field, $"the name ends in {extension} but the content is {found}");
        }

        return new UploadVerdict.Ok(byName.Kind, byName.ContentType);
    }

    private static string? NameProblem(string? fileName) =>
        fileName switch
        {
            null or "" => "is missing",
            { Length: > MaxFileNameLength } => $"is longer than {MaxFileNameLength} characters",
            _ when fileName.Any(char.IsControl) => "holds control characters",
            _ when fileName.AsSpan().ContainsAny('/', '\\') => "holds a path",
            _ => null,
        };

    private static UploadVerdict.Refused Unsupported(string field, string detail) =>
        new(StatusCodes.Status415UnsupportedMediaType, $"{field}: {detail}");

    private sealed record Format(
        MediaSignature Signature,
        ComplaintSource Kind,
        string Description,
        string ContentType,
        string[] Extensions,
        string[] ContentTypes
    );
}
