using System.Security.Cryptography;
using System.Text;
using AfirGen.Api.Access;
using Microsoft.AspNetCore.Authorization;

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
    private readonly RequestDelegate _next;
    private readonly AccessKeys _keys;
    private readonly bool _takesAnyName;

    public ApiKeyMiddleware(RequestDelegate next, AccessKeys keys, IConfiguration configuration, ILogger<ApiKeyMiddleware> logger)
    {
        _next = next;
        _keys = keys;
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

        var accessor =
            !_keys.Wanted ? Accessor.Local
            : given is not null ? _keys.Find(given)
            : SignIn.Principal(context) is { } principal ? _keys.FindByPrincipal(principal)
            : null;
        if (accessor is not null)
        {
            Accessor.Set(context, accessor);
        }
        else if (!PublicEndpoint.IsAt(context))
        {
            return given is not null
                ? RefuseAsync(context, "Invalid API key")
                : RefuseAsync(context, "API key required. Include X-API-Key header or Authorization: Bearer <key>");
        }

        return context.GetEndpoint()?.Metadata.GetMetadata<RequiresRole>() is { Role: var role } && accessor?.May(role) != true
            ? ForbidAsync(
                context,
                "role-missing",
                $"The key '{accessor?.Name}' has no role '{role.ToString().ToLowerInvariant()}', which this needs."
            )
            : _next(context);
    }

    /// <summary>Names the key that sent a request, without revealing it.</summary>
    public static string Principal(HttpContext context) => Accessor.Of(context)?.Principal ?? "public";

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

    private static Task RefuseAsync(HttpContext context, string detail)
    {
        if (HttpMethods.IsGet(context.Request.Method) && Problems.WantsPage(context.Request))
        {
            var back = context.Request.Path + context.Request.QueryString;
            context.Response.Redirect($"/sign-in?back={Uri.EscapeDataString(back)}");
            return Task.CompletedTask;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.WriteAsync(context, Problems.Problem(401, "unauthorized", detail));
    }

    private static Task ForbidAsync(HttpContext context, string type, string detail) =>
        Problems.WriteAsync(context, Problems.Problem(403, type, detail));
}

internal static class Secrets
{
    /// <summary>Hashed first, so that a comparison takes the same time whatever the lengths are.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public static bool Same(string given, string wanted) => CryptographicOperations.FixedTimeEquals(Hash(given), Hash(wanted));
}
