using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AfirGen.Api.Backup;
using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Journal;
using AfirGen.Api.Pages;
using AfirGen.Api.Registry;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Endpoints;

/// <summary>The one place that turns what went wrong into RFC 9457 problem documents.</summary>
internal static partial class Problems
{
    public const string TypePrefix = "urn:afirgen:";
    public const string ContentType = "application/problem+json";
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>An exception in words that help the client; null when it is a defect of ours and only the log may know.</summary>
    public static ProblemDetails? For(Exception exception) =>
        exception switch
        {
            Refusal refusal => For(refusal),
            SessionConflictException e => Problem(409, "conflict", e.Message + " Read it again and repeat."),
            JournalDiskFullException e => Problem(503, "disk-full", e.Message),
            JournalQueueFullException e => Problem(503, "overloaded", e.Message),
            JournalRefusedException e => Problem(503, "store-unavailable", e.Message),
            RegistryUnavailableException e => Problem(503, "registry-unavailable", e.Message),
            BackupException { Fault: BackupFault.Configuration } e => Problem(409, "wrong-state", e.Message),
            BackupException e => Problem(503, "backup-failed", e.Message),
            SqliteException => Problem(503, "store-unavailable", "The store cannot be read now."),
            BadHttpRequestException { StatusCode: 413 } => Problem(413, "too-large", "The request body is larger than this route takes."),
            BadHttpRequestException e when Unbound().Match(e.Message) is { Success: true, Groups: var parameter } => Problem(
                e.StatusCode,
                "bad-input",
                $"{parameter["name"]}: a value of another type is wanted."
            ),
            BadHttpRequestException e => Problem(e.StatusCode, "bad-input", e.Message),
            _ => null,
        };

    public static ProblemDetails Problem(int status, string type, string detail) =>
        new()
        {
            Status = status,
            Type = TypePrefix + type,
            Title = Title(status),
            Detail = detail,
        };

    /// <param name="retryAfter">When it is known; otherwise a few seconds are named where it makes sense to try again.</param>
    public static Task WriteAsync(HttpContext context, ProblemDetails problem, TimeSpan? retryAfter = null)
    {
        if (problem.Status is 503 or 504 or 429 || problem.Type == TypePrefix + "key-in-flight")
        {
            SetRetryAfter(context, retryAfter ?? DefaultRetryAfter);
        }

        if (WantsPage(context.Request) && !context.Response.HasStarted)
        {
            return ProblemPages.WriteAsync(context, problem);
        }

        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        context.Response.StatusCode = problem.Status!.Value;

        return context.Response.WriteAsJsonAsync(problem, WireJson.Wire.ProblemDetails, ContentType, CancellationToken.None);
    }

    /// <summary>In whole seconds, the next one up.</summary>
    public static void SetRetryAfter(HttpContext context, TimeSpan wait) =>
        context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Somebody opened this in a browser, or sent a form from there: JSON would help nobody.</summary>
    public static bool WantsPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || request.HasFormContentType)
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    // The framework names the parameter's type too, and what was given.
    [GeneratedRegex("^Failed to bind parameter \"\\S+ (?<name>\\w+)\"")]
    private static partial Regex Unbound();

    private static ProblemDetails For(Refusal refusal)
    {
        var (status, type) = refusal.Kind switch
        {
            RefusalKind.BadInput => (400, "bad-input"),
            RefusalKind.WrongKey => (401, "wrong-key"),
            RefusalKind.NotFound => (404, "not-found"),
            RefusalKind.WrongState => (409, "wrong-state"),
            RefusalKind.StepNotCurrent => (409, "step-not-current"),
            RefusalKind.SessionExpired => (409, "session-expired"),
            RefusalKind.AlreadyRegistered => (409, "already-finalized"),
            RefusalKind.KeyInFlight => (409, "key-in-flight"),
            RefusalKind.Stale => (412, "stale"),
            RefusalKind.TooLarge => (413, "too-large"),
            RefusalKind.UnsupportedMedia => (415, "unsupported-media"),
            RefusalKind.FirIncomplete => (422, "fir-incomplete"),
            RefusalKind.KeyReused => (422, "key-reused"),
            RefusalKind.UploadUnreadable => (422, "upload-unreadable"),
            RefusalKind.UploadNotRead => (503, "upload-not-read"),
            RefusalKind.RegistryUnavailable => (503, "registry-unavailable"),
            RefusalKind.Overloaded => (503, "overloaded"),
            RefusalKind.OutcomeUnknown => (504, "outcome-unknown"),
            _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Kind, "Unknown kind."),
        };
        var problem = Problem(status, type, refusal.Message);
        foreach (var (name, value) in refusal.Extensions)
        {
            problem.Extensions[name] = value;
        }

        return problem;
    }

    private static string Title(int status) =>
        status switch
        {
            400 => "Bad input",
            401 => "Not authenticated",
            403 => "Not allowed",
            404 => "Not found",
            405 => "Method not allowed",
            409 => "Conflict",
            412 => "Precondition failed",
            413 => "Too large",
            415 => "Unsupported media type",
            421 => "Not this name",
            422 => "Cannot be processed",
            429 => "Too many requests",
            503 => "Service unavailable",
            504 => "Outcome not known yet",
            _ => "Internal error",
        };
}
