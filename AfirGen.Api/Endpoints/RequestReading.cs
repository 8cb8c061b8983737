using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Form;
using AfirGen.Api.Drafting.Sessions;
using Microsoft.AspNetCore.Http.Features;

namespace AfirGen.Api.Endpoints;

/// <summary>Reads and checks what a client sends. Every refusal names the field and the limit.</summary>
internal static partial class RequestReading
{
    public const int MaxTextLength = 50_000;
    public const int MaxUserInputLength = 10_000;

    private const int UuidLength = 36;

    /// <summary>Room for the longest text with every character escaped.</summary>
    private const long MaxJsonBytes = 1024 * 1024;

    /// <exception cref="Refusal">It is no JSON, or not of the right shape.</exception>
    public static async Task<T> JsonAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new Refusal(RefusalKind.UnsupportedMedia, "Content-Type: application/json is wanted.");
        }

        LimitBody(context, MaxJsonBytes);
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted)
                ?? throw new Refusal(RefusalKind.BadInput, "body: a JSON object is wanted, not null.");
        }
        catch (JsonException e)
        {
            throw new Refusal(RefusalKind.BadInput, Describe(e), e);
        }
    }

    public static void LimitBody(HttpContext context, long bytes)
    {
        if (context.Request.ContentLength > bytes)
        {
            throw new Refusal(RefusalKind.TooLarge, $"body: {context.Request.ContentLength} bytes, at most {bytes} are taken.");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = bytes;
        }
    }

    /// <summary>A complaint: 1 to 50,000 characters (Unicode code points), not only white space.</summary>
    public static string Text(string text)
    {
        RequireLength("text", text, MaxTextLength, RefusalKind.TooLarge);
        return string.IsNullOrWhiteSpace(text)
            ? throw new Refusal(RefusalKind.BadInput, $"text: is empty; 1 to {MaxTextLength} characters are wanted.")
            : text;
    }

    public static string? UserInput(string? text)
    {
        if (text is null)
        {
            return null;
        }

        RequireLength("user_input", text, MaxUserInputLength, RefusalKind.BadInput);
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>Values of fields, in the order of the form. Each may be as long as user_input, all together as long as a complaint.</summary>
    public static IReadOnlyList<FieldCorrection> Fields(IReadOnlyDictionary<string, string>? given)
    {
        if (given is null)
        {
            return [];
        }

        var fields = new Dictionary<string, FieldCorrection>(StringComparer.Ordinal);
        foreach (var (name, value) in given)
        {
            var at = $"fields.{name}";
            var field = FirForm.Find(name) ?? throw new Refusal(RefusalKind.BadInput, $"{at}: is no field of the form.");
            var correction = new FieldCorrection(
                field.Key,
                value ?? throw new Refusal(RefusalKind.BadInput, $"{at}: text is wanted, not null.")
            );
            RequireLength(at, value, MaxUserInputLength, RefusalKind.BadInput);
            var fault =
                !field.Correctable ? "is assigned by the service and cannot be set."
                : correction.HasLineBreak && !field.TakesLines ? "is one line; line breaks are not taken."
                : !fields.TryAdd(field.Key, correction) ? $"{field.Key} is there twice; once is wanted."
                : null;
            if (fault is not null)
            {
                throw new Refusal(RefusalKind.BadInput, $"{at}: {fault}");
            }
        }

        RequireLength("fields", string.Concat(fields.Values.Select(f => f.Value)), MaxTextLength, RefusalKind.BadInput);
        return [.. FirForm.Fields.Select(f => fields.GetValueOrDefault(f.Key)).OfType<FieldCorrection>()];
    }

    public static string SessionId(string value) =>
        value.Length == UuidLength && Guid.TryParseExact(value, "D", out var id) // the parser alone would take blanks around it
            ? id.ToString()
            : throw new Refusal(RefusalKind.BadInput, "session_id: a UUID is wanted, as POST /process gave it.");

    public static string FirNumber(string value, string field = "fir_number") =>
        FirNumberShape().IsMatch(value)
            ? value
            : throw new Refusal(RefusalKind.BadInput, $"{field}: wanted is FIR-, 8 lower-case hexadecimal digits, a hyphen and 14 digits.");

    public static ReviewStep Step(string value)
    {
        foreach (var step in Enum.GetValues<ReviewStep>())
        {
            if (SnakeCase.Of(step) == value)
            {
                return step;
            }
        }

        var steps = string.Join(", ", Enum.GetValues<ReviewStep>().Select(SnakeCase.Of));
        throw new Refusal(RefusalKind.BadInput, $"step: one of {steps} is wanted.");
    }

    public static int Number(HttpContext context, string name, int fallback, int min, int max)
    {
        var values = context.Request.Query[name];
        if (values.Count == 0)
        {
            return fallback;
        }

        return
            values.Count == 1
            && int.TryParse(
                values[0],
                System.Globalization.NumberStyles.AllowLeadingSign,
                System.Globalization.CultureInfo.InvariantCulture,
                out var number
            )
            && number >= min
            && number <= max
            ? number
            : throw new Refusal(RefusalKind.BadInput, $"{name}: a whole number from {min} to {max} is wanted.");
    }

    /// <summary>
    /// The path's last segment, decoded once from what the client sent. A route value is not: the server leaves %2F in it as it is, and a
    /// key with a slash would be reported as never seen.
    /// </summary>
    public static string? LastSegment(HttpContext context) =>
        context.Features.Get<IHttpRequestFeature>()?.RawTarget is { } target
            ? Uri.UnescapeDataString(target.Split('?')[0].Split('/')[^1])
            : null;

    /// <summary>The version in <c>If-Match: "v7"</c>; null when there is none.</summary>
    public static long? ExpectedVersion(HttpContext context)
    {
        var value = context.Request.Headers.IfMatch.ToString();
        if (value.Length == 0 || value == "*")
        {
            return null;
        }

        return value is ['"', 'v', .. var digits, '"'] && long.TryParse(digits, out var version)
            ? version
            : throw new Refusal(RefusalKind.BadInput, "If-Match: the ETag of GET /session/{session_id}/status is wanted, like \"v7\".");
    }

    public static string ETag(SessionState session) => $"\"v{session.Version}\"";

    private static void RequireLength(string field, string text, int limit, RefusalKind kind)
    {
        // At most two UTF-16 units make a character, so most texts need no counting.
        if (text.Length > limit && text.EnumerateRunes().Count() is var length && length > limit)
        {
            throw new Refusal(kind, $"{field}: {length} characters, at most {limit} are taken.");
        }
    }

    private static string Describe(JsonException e)
    {
        // The message of the parser names types and members, never values; the path says which field.
        var field = e.Path is null or "$" ? "body" : e.Path.TrimStart('$', '.');
        var at = e.LineNumber is null ? "" : $" (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})";
        return $"{field}: {Reason(e.Message.Split(" Path: ")[0])}{at}";
    }

    /// <summary>What the parser says about types and members of ours, in words about the request.</summary>
    private static string Reason(string message) =>
        message.Split(" was missing required properties including: ") is [_, var names] ? $"not there, and wanted: {names.TrimEnd('.')}."
        : message.StartsWith("Duplicate propert", StringComparison.Ordinal)
            ? $"{(message.Split('\'') is [_, var name, ..] ? $"'{name}'" : "a field")} is given twice."
        : message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal) ? "there is no such field."
        : message.Contains("doesn't allow null values", StringComparison.Ordinal) ? "null is not taken."
        : message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal)
            ? "the value is of the wrong type, or no valid Unicode."
        : message;

    [System.Text.RegularExpressions.GeneratedRegex("^FIR-[0-9a-f]{8}-[0-9]{14}\\z")]
    private static partial System.Text.RegularExpressions.Regex FirNumberShape();
}
