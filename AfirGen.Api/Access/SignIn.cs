using System.Security.Claims;
using AfirGen.Api.Durability;
using AfirGen.Api.Endpoints;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace AfirGen.Api.Access;

/// <summary>
/// Pages sign in once with a key; a cookie stands for it from then on. The keys that protect the cookies lie in the data folder, so that
/// a restart logs nobody out.
/// </summary>
internal static class SignIn
{
    public const string CookieName = "afirgen-session";
    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;
    private static readonly TimeSpan Shift = TimeSpan.FromHours(12);

    public static void AddSignIn(this IServiceCollection services)
    {
        services.AddSingleton<AccessKeys>().AddSingleton<SignInKeys>();
        services.AddSingleton<KeyGate>().AddSingleton<FailedKeys>().AddSingleton<SignInLimit>();
        services.AddSingleton<KeyFileAudit>().AddHostedService<KeyFileWatch>();
        services
            .AddAuthentication(Scheme)
            .AddCookie(cookie =>
            {
                cookie.Cookie.Name = CookieName;
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Strict;
                cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                cookie.ExpireTimeSpan = Shift;
                cookie.SlidingExpiration = true;
            });
        services.AddAntiforgery(forms =>
        {
            forms.Cookie.Name = "afirgen-forms";
            forms.Cookie.SameSite = SameSiteMode.Strict;
            forms.SuppressXFrameOptionsHeader = true; // every answer has a stricter one
        });
        services.AddDataProtection().SetApplicationName("AfirGen");
        services.AddOptions<KeyManagementOptions>().Configure<SignInKeys>((options, keys) => options.XmlRepository = keys);
        // Whoever adds data protection adds this too, so nothing that does may come later. It would load the keys before the data folder is locked, and create them beside a journal that is another process's.
        var preload = services.Single(service => service.ImplementationType?.Name == "DataProtectionHostedService");
        services.Remove(preload);
    }

    /// <summary>Before the data folder is open no cookie can be read: whoever has one is told to wait, not that he is a stranger.</summary>
    /// <exception cref="KeyFileException">The file of stored keys is damaged: a service that does not know its keys does not start.</exception>
    public static void UseSignIn(this WebApplication app)
    {
        app.Services.GetRequiredService<AccessKeys>();
        app.Use(
            (context, next) =>
                context.Request.Cookies.ContainsKey(CookieName)
                && !context.RequestServices.GetRequiredService<ServiceReadiness>().HasStarted
                && !PublicEndpoint.IsAt(context)
                    ? Problems.WriteAsync(
                        context,
                        Problems.Problem(503, "not-ready", "The service is starting. Nothing happened; try again.")
                    )
                    : next(context)
        );
        app.UseAuthentication();
    }

    public static Task SignInAsync(HttpContext context, Accessor accessor)
    {
        System.Security.Claims.Claim[] claims = [new(ClaimTypes.NameIdentifier, accessor.Principal), new(ClaimTypes.Name, accessor.Name)];
        return context.SignInAsync(Scheme, new(new ClaimsIdentity(claims, Scheme)));
    }

    /// <returns>The name of the key that the cookie stands for; null without a valid cookie.</returns>
    public static string? Principal(HttpContext context) =>
        context.User.Identity is { IsAuthenticated: true } ? context.User.FindFirstValue(ClaimTypes.NameIdentifier) : null;

    /// <summary>A page of another site made the browser send this: cookies alone do not tell, for other ports are the same site.</summary>
    public static bool IsCrossSite(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return false;
        }

        return request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site
            ? site is not ("same-origin" or "none")
            : request.Headers.Origin is [{ Length: > 0 } origin]
                && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority == request.Host.Value);
    }

    public static string FormToken(HttpContext context) =>
        context.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context).RequestToken!;
}
