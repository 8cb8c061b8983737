using Microsoft.Net.Http.Headers;

namespace AfirGen.Api.Endpoints;

/// <summary>
/// On every answer, whoever gives it: registered as the outermost part of the pipeline, in front of the filter of host names too. There is no
/// Server header (Kestrel's option).
/// </summary>
internal sealed class SecurityHeaders : IStartupFilter
{
    /// <summary>
    /// Pages have scripts and styles in files of this host only, never inline; previews of files that are not sent yet are blobs. The API
    /// reference brings its own script from this host.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src blob:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private const string ReferencePagePolicy =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>Pages choose files; none records or locates.</summary>
    private const string PermissionsPolicy =
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()";

    private const string OneYear = "max-age=31536000";

    /// <summary>In front of what the framework has registered by itself.</summary>
    public static void AddTo(IServiceCollection services) =>
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, SecurityHeaders>());

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(
                (context, rest) =>
                {
                    Set(context);
                    // Again where they are missing: whoever begins an answer anew has cleared them too.
                    context.Response.OnStarting(
                        static started =>
                        {
                            Set((HttpContext)started);
                            return Task.CompletedTask;
                        },
                        context
                    );
                    return rest(context);
                }
            );
            next(app);
        };

    private static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.TryAdd(HeaderNames.XContentTypeOptions, "nosniff");
        headers.TryAdd(HeaderNames.XFrameOptions, "DENY");
        headers.TryAdd("Referrer-Policy", "no-referrer");
        headers.TryAdd("Cross-Origin-Opener-Policy", "same-origin");
        headers.TryAdd("Cross-Origin-Resource-Policy", "same-origin");
        headers.TryAdd("Permissions-Policy", PermissionsPolicy);
        headers.TryAdd(HeaderNames.CacheControl, "no-store"); // complaints are personal data
        headers.TryAdd(
            HeaderNames.ContentSecurityPolicy,
            context.Request.Path.StartsWithSegments("/docs") ? ReferencePagePolicy : ContentSecurityPolicy
        );
        if (context.Request.IsHttps)
        {
            headers.TryAdd(HeaderNames.StrictTransportSecurity, OneYear);
        }
    }
}
