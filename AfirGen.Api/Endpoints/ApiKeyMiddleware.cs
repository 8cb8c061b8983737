using System.Security.Cryptography;
using System.Text;
using AfirGen.Api.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AfirGen.Api.Endpoints;

/// <summary>Marks endpoints that need no key and are never rate limited, as <c>AllowAnonymous</c> does for those that are mapped elsewhere.</summary>
internal sealed class PublicEndpoint : IAllowAnonymous
{
    public static bool IsAt(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;
}

/// <summary>
/// Asks for a key, or for the cookie of somebody who signed in with one, and notes who it is. Everything that is not
/// <see cref="PublicEndpoint"/> needs it, unknown paths too.
/// </summary>
internal sealed class ApiKeyMiddleware
{
    /// <summary>Who was signed in when the page was made that sends a request: <see cref="Accessor.Principal"/>.</summary>
    public const string ViewerHeader = "X-AfirGen-Viewer";

    private readonly RequestDelegate _next;
    private readonly AccessKeys _keys;
    private readonly KeyGate _gate;
    private readonly bool _takesAnyName;

    public ApiKeyMiddleware(
        RequestDelegate next,
        AccessKeys keys,
        KeyGate gate,
        IConfiguration configuration,
        ILogger<ApiKeyMiddleware> logger
    )
    {
        _next = next;
        _keys = keys;
        _gate = gate;
        // Whoever lists the names has the framework's own filter, which is asked before.
        _takesAnyName = keys.Wanted || ListeningAddresses.NamesAreListed(configuration);
        if (!keys.Wanted && ListeningAddresses.NotLoopback(configuration) is { } address)
        {
            logger.LogWarning("AfirGen:AllowAnonymous is set: everybody who reaches {Address} may draft and read FIRs", address);
        }
    }

    public Task InvokeAsync(HttpContext context)
    {
        // A page of another site that has its own name point to this machine is of the same site to the browser: where no key stands in its
        // way, the name tells it.
        if (!_takesAnyName && context.Request.Host is { HasValue: true, Host: var name } && !ListeningAddresses.IsLoopbackName(name))
        {
            return Problems.WriteAsync(
                context,
                Problems.Problem(
                    421,
                    "unknown-host",
                    "Without a key the service answers to localhost only. Nothing happened. Set AfirGen__ApiKey, or the names it is reached by in AllowedHosts."
                )
            );
        }

        var given = GivenKey(context.Request);
        // A key in a header was put there on purpose; what a browser sends by itself may be another page's doing.
        if (given is null && SignIn.IsCrossSite(context.Request))
        {
            return ForbidAsync(context, "cross-site", "A page of another site sent this request. Nothing happened.");
        }

        if (!_keys.Wanted)
        {
            Accessor.Set(context, Accessor.Local);
            return _next(context);
        }

        var isPublic = PublicEndpoint.IsAt(context);
        var signedIn = given is null ? SignIn.Principal(context) : null;
        var isOfAnother = signedIn is not null && !IsOf(signedIn, context.Request);
        KeyVerdict? verdict =
            // What everybody may see looks at no key: its answer would tell a right guess from a wrong one, and nobody counts there.
            given is not null
                ? isPublic
                    ? null
                    : _gate.Judge(context, given)
                : signedIn is not null && !isOfAnother
                    ? _gate.Judge(signedIn)
                    : null;
        if (verdict?.Accessor is not { } accessor)
        {
            return isPublic ? _next(context)
                : isOfAnother ? RefuseOtherViewerAsync(context)
                : RefuseAsync(context, given, verdict);
        }

        Accessor.Set(context, accessor);
        if (context.GetEndpoint()?.Metadata.GetMetadata<RequiresRole>() is not { Role: var role } || accessor.May(role))
        {
            return _next(context);
        }

        _gate.RoleMissing(context, role);
        return ForbidAsync(
            context,
            "role-missing",
            $"The key '{accessor.Name}' has no role '{role.ToString().ToLowerInvariant()}', which this needs."
        );
    }

    /// <summary>Names the key that sent a request, without revealing it.</summary>
    public static string Principal(HttpContext context) => Accessor.Of(context)?.Principal ?? "public";

    /// <summary>
    /// The cookie is of the browser, not of the page: when somebody else has signed in beside it, what an open page sends would be theirs,
    /// and a request that is repeated would be another one (G3).
    /// </summary>
    private static bool IsOf(string principal, HttpRequest request) =>
        request.Headers[ViewerHeader] is not { Count: > 0 } viewer || viewer == principal;

    private static string? GivenKey(HttpRequest request)
    {
        if (request.Headers["X-API-Key"] is [{ Length: > 0 } key])
        {
            return key;
        }

        const string scheme = "Bearer ";
        return request.Headers.Authorization is [{ } value] && value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? value[scheme.Length..].Trim()
            : null;
    }

    private async Task RefuseAsync(HttpContext context, string? given, KeyVerdict? verdict)
    {
        // A cookie whose key is there no more was no guess.
        if (verdict is { } refused && (given is not null || refused.Key is not null))
        {
            await _gate.RefusedAsync(context, refused, given is null ? "cookie" : "header");
        }

        if (HttpMethods.IsGet(context.Request.Method) && Problems.WantsPage(context.Request))
        {
            var back = context.Request.Path + context.Request.QueryString;
            context.Response.Redirect($"/sign-in?back={Uri.EscapeDataString(back)}");
            return;
        }

        if (verdict is { BlockedUntil: { } until })
        {
            await _gate.WriteLimitedAsync(context, until);
            return;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        await Problems.WriteAsync(context, Unauthorized(given, verdict?.Key));
    }

    private static Task RefuseOtherViewerAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.WriteAsync(
            context,
            Problems.Problem(401, "other-viewer", $"{ViewerHeader}: another key has signed in since. Nothing happened.")
        );
    }

    private static ProblemDetails Unauthorized(string? given, AccessKey? lapsed) =>
        lapsed switch
        {
            { RevokedAt: { } at } => Problems.Problem(401, "key-revoked", $"The key '{lapsed.Accessor.Name}' was revoked at {at:u}."),
            { ExpiresAt: { } at } => Problems.Problem(
                401,
                "key-expired",
                $"The key '{lapsed.Accessor.Name}' expired at {at:u}. Ask for a new one."
            ),
            _ when given is null => Problems.Problem(
                401,
                "unauthorized",
                "API key required. Include X-API-Key header or Authorization: Bearer <key>"
            ),
            _ when !KeyText.MayBeWhole(given) => Problems.Problem(
                401,
                "unauthorized",
                "Invalid API key: it was cut or mistyped, for its checksum is wrong."
            ),
            _ => Problems.Problem(401, "unauthorized", "Invalid API key"),
        };

    private static Task ForbidAsync(HttpContext context, string type, string detail) =>
        Problems.WriteAsync(context, Problems.Problem(403, type, detail));
}

internal static class Secrets
{
    /// <summary>Hashed first, so that a comparison takes the same time whatever the lengths are.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public static bool Same(string given, string wanted) => CryptographicOperations.FixedTimeEquals(Hash(given), Hash(wanted));
}
