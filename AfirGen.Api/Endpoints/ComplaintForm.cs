using System.Net;
using System.Security.Cryptography;
using System.Text;
using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Media;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace AfirGen.Api.Endpoints;

/// <summary>A complaint as it arrived: exactly one of a text, an image or a recording.</summary>
internal sealed record ComplaintForm
{
    public string? Text { get; init; }
    public ComplaintSource Source { get; init; } = ComplaintSource.Text;
    public string? ContentType { get; init; }
    public string? FileName { get; init; }
    public byte[]? Bytes { get; init; }

    /// <summary>What tells one request from another under the same Idempotency-Key: field and content, not the multipart boundary.</summary>
    public string Fingerprint =>
        $"{SnakeCase.Of(Source)}:{Convert.ToHexStringLower(SHA256.HashData(Bytes ?? Encoding.UTF8.GetBytes(Text!)))}";
}

/// <summary>Reads POST /process: multipart/form-data, a url-encoded form, or JSON.</summary>
internal static class ComplaintFormReader
{
    private const string Wanted = "exactly one of text, image, audio is wanted";
    private const long MaxFormBytes = UploadInspector.MaxFileBytes + (64 * 1024);

    /// <summary>RFC 2046, 5.1.1.</summary>
    private const int MaxBoundaryLength = 70;
    private const int MaxTextBytes = RequestReading.MaxTextLength * 4;

    /// <summary>Every byte of the longest text as %XX, and the field's name.</summary>
    private const int MaxUrlEncodedBytes = (MaxTextBytes * 3) + 16;

    // Text is stored as given, so bytes that are no UTF-8 must not become replacement characters on the way in.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static async Task<ComplaintForm> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.HasJsonContentType())
        {
            var body = await RequestReading.JsonAsync(context, WireJson.Wire.ProcessRequest);
            return new() { Text = RequestReading.Text(body.Text) };
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            throw Unsupported();
        }

        RequestReading.LimitBody(context, MaxFormBytes);
        if (type.MediaType == "multipart/form-data")
        {
            return await ReadMultipartAsync(context, type);
        }

        return type.MediaType == "application/x-www-form-urlencoded" ? await ReadUrlEncodedAsync(context) : throw Unsupported();
    }

    private static async Task<ComplaintForm> ReadMultipartAsync(HttpContext context, MediaTypeHeaderValue type)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > MaxBoundaryLength)
        {
            throw new Refusal(
                RefusalKind.BadInput,
                $"Content-Type: a multipart boundary of 1 to {MaxBoundaryLength} characters is wanted."
            );
        }

        ComplaintForm? form = null;
        try
        {
            var reader = new MultipartReader(boundary, context.Request.Body);
            while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } section)
            {
                var read = await ReadSectionAsync(section, context.RequestAborted);
                form = form is null ? read : throw Several();
            }
        }
        catch (Exception e) when (e is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            throw new Refusal(RefusalKind.BadInput, "form: the multipart body is malformed or cut off.", e);
        }

        return form ?? throw None();
    }

    private static async Task<ComplaintForm> ReadSectionAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        var disposition = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var parsed) ? parsed : null;
        var name = HeaderUtilities.RemoveQuotes(disposition?.Name ?? default).Value;
        switch (name)
        {
            case "text":
                return new()
                {
                    Text = RequestReading.Text(Decode(await ReadBytesAsync(section.Body, name, MaxTextBytes, cancellationToken))),
                };
            case "image":
            case "audio":
                var fileName = HeaderUtilities
                    .RemoveQuotes(disposition!.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName)
                    .Value;
                var bytes = await ReadBytesAsync(section.Body, name, UploadInspector.MaxFileBytes, cancellationToken);
                return Inspect(name, fileName, section.ContentType, bytes);
            default:
                throw UnknownField(name);
        }
    }

    private static ComplaintForm Inspect(string field, string? fileName, string? contentType, byte[] bytes) =>
        UploadInspector.Inspect(
            field,
            fileName,
            contentType,
            bytes.Length,
            bytes.AsSpan(0, Math.Min(bytes.Length, MediaSignatures.Length))
        ) switch
        {
            UploadVerdict.Ok ok => new()
            {
                Source = ok.Kind,
                ContentType = ok.ContentType,
                FileName = fileName,
                Bytes = bytes,
            },
            UploadVerdict.Refused refused => throw new Refusal(
                refused.Status switch
                {
                    413 => RefusalKind.TooLarge,
                    415 => RefusalKind.UnsupportedMedia,
                    _ => RefusalKind.BadInput,
                },
                refused.Detail + "."
            ),
            _ => throw new InvalidOperationException("Unknown verdict."),
        };

    private static async Task<ComplaintForm> ReadUrlEncodedAsync(HttpContext context) =>
        ParseUrlEncoded(await ReadBytesAsync(context.Request.Body, "text", MaxUrlEncodedBytes, context.RequestAborted));

    // Not ASP.NET's form reader: it puts replacement characters where the bytes are no UTF-8.
    private static ComplaintForm ParseUrlEncoded(byte[] body)
    {
        ComplaintForm? form = null;
        foreach (var range in body.AsSpan().Split((byte)'&'))
        {
            var pair = body[range];
            if (pair.Length == 0)
            {
                continue;
            }

            var equals = Array.IndexOf(pair, (byte)'=') is >= 0 and var found ? found : pair.Length;
            var name = Decode(WebUtility.UrlDecodeToBytes(pair, 0, equals));
            if (name != "text")
            {
                throw UnknownField(name);
            }

            var value = equals == pair.Length ? [] : WebUtility.UrlDecodeToBytes(pair, equals + 1, pair.Length - equals - 1);
            form = form is null ? new() { Text = RequestReading.Text(Decode(value)) } : throw Several();
        }

        return form ?? throw None();
    }

    private static async Task<byte[]> ReadBytesAsync(Stream body, string field, long limit, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var chunk = new byte[64 * 1024];
        int read;
        while ((read = await body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (bytes.Length + read > limit)
            {
                var what = field == "text" ? $"{RequestReading.MaxTextLength} characters" : "25 MiB";
                throw new Refusal(RefusalKind.TooLarge, $"{field}: larger than {what}, which is the limit.");
            }

            bytes.Write(chunk, 0, read);
        }

        return bytes.ToArray();
    }

    private static string Decode(byte[] bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new Refusal(RefusalKind.BadInput, $"text: is no valid UTF-8 at byte {e.Index}.", e);
        }
    }

    private static Refusal Several() => new(RefusalKind.BadInput, $"form: {Wanted}, not several.");

    private static Refusal None() => new(RefusalKind.BadInput, $"form: {Wanted}, none was sent.");

    private static Refusal UnknownField(string? name) => new(RefusalKind.BadInput, $"form: the field '{name}' is unknown; {Wanted}.");

    private static Refusal Unsupported() =>
        new(
            RefusalKind.UnsupportedMedia,
            "Content-Type: multipart/form-data, application/x-www-form-urlencoded or application/json is wanted."
        );
}
