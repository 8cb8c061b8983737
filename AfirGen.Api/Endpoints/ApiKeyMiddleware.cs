using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Endpoints;

/// <summary>Marks endpoints that need no key and are never rate limited, as <c>AllowAnonymous</c> does for those that are mapped elsewhere.</summary>
internal sealed class PublicEndpoint : IAllowAnonymous
{
    public static bool IsAt(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;
}

/// <summary>Asks for the API key and notes who sent it. Everything that is not <see cref="PublicEndpoint"/> needs it, unknown paths too.</summary>
internal sealed class ApiKeyMiddleware
{
    private const string LocalPrincipal = "local";
    private readonly RequestDelegate _next;
    private readonly byte[]? _wanted;

    public ApiKeyMiddleware(
        RequestDelegate next,
        IOptions<ServiceOptions> options,
        IConfiguration configuration,
        ILogger<ApiKeyMiddleware> logger
    )
    {
        _next = next;
        _wanted = string.IsNullOrEmpty(options.Value.ApiKey) ? null : Secrets.Hash(options.Value.ApiKey);
        if (_wanted is null && ListeningAddresses.NotLoopback(configuration) is { } address)
        {
            logger.LogWarning("AfirGen:AllowAnonymous is set: everybody who reaches {Address} may draft and read FIRs", address);
        }
    }

    public Task InvokeAsync(HttpContext context)
    {
        if (_wanted is null)
        {
            context.Items[typeof(ApiKeyMiddleware)] = LocalPrincipal;
            return _next(context);
        }

        if (PublicEndpoint.IsAt(context))
        {
            return _next(context);
        }

        var given = GivenKey(context.Request);
        if (given is null)
        {
            return RefuseAsync(context, "API key required. Include X-API-Key header or Authorization: Bearer <key>");
        }

        var hash = Secrets.Hash(given);
        if (!CryptographicOperations.FixedTimeEquals(hash, _wanted))
        {
            return RefuseAsync(context, "Invalid API key");
        }

        context.Items[typeof(ApiKeyMiddleware)] = Convert.ToHexStringLower(hash.AsSpan(0, 8));
        return _next(context);
    }

    /// <summary>Names the key that sent a request, without revealing it.</summary>
    public static string Principal(HttpContext context) => context.Items[typeof(ApiKeyMiddleware)] as string ?? "public";

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
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.WriteAsync(context, Problems.Problem(401, "unauthorized", detail));
    }
}

internal static class Secrets
{
    /// <summary>Hashed first, so that a comparison takes the same time whatever the lengths are.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public static bool Same(string given, string wanted) => CryptographicOperations.FixedTimeEquals(Hash(given), Hash(wanted));
}
