namespace AfirGen.Api.Endpoints;

internal static class SecurityHeaders
{
    /// <summary>
    /// Pages have scripts and styles in files of this host only, never inline; previews of files that are not sent yet are blobs. The API
    /// reference brings its own script from this host.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src blob:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private const string ReferencePagePolicy =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                var headers = context.Response.Headers;
                headers.XContentTypeOptions = "nosniff";
                headers.XFrameOptions = "DENY";
                headers["Referrer-Policy"] = "no-referrer";
                headers.CacheControl = "no-store"; // complaints are personal data
                headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/docs")
                    ? ReferencePagePolicy
                    : ContentSecurityPolicy;
                return next(context);
            }
        );
}
