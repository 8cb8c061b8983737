using System.Net;

namespace AfirGen.Api.Endpoints;

/// <summary>The addresses that the configuration tells the server to listen on.</summary>
internal static class ListeningAddresses
{
    public const string Default = "http://localhost:8000";
    private const string EndpointsSection = "Kestrel:Endpoints";

    /// <summary>Only when nothing is configured: an address in appsettings.json would win over ASPNETCORE_URLS.</summary>
    public static void UseDefault(WebApplicationBuilder builder)
    {
        if (!Configured(builder.Configuration).Any())
        {
            builder.WebHost.UseUrls(Default);
        }
    }

    /// <returns>The first address that other machines can reach; null when all are loopback.</returns>
    public static string? NotLoopback(IConfiguration configuration) =>
        Configured(configuration).FirstOrDefault(address => !IsLoopback(address));

    /// <returns>One line about the first one that no server can listen on; null when there is none.</returns>
    public static string? Problem(IConfiguration configuration) =>
        Configured(configuration)
            .Select(address =>
                Fault(address) is { } fault ? $"The service cannot listen on {address}: {fault}. Set {Setting(configuration)}." : null
            )
            .FirstOrDefault(fault => fault is not null);

    /// <summary>Where this machine itself reaches the first of them.</summary>
    /// <returns>Null when it is a socket in the file system, or no address.</returns>
    public static Uri? FromHere(IConfiguration configuration)
    {
        var first = Configured(configuration).FirstOrDefault() ?? Default;
        foreach (var wildcard in (string[])["://*", "://+", "://0.0.0.0", "://[::]"])
        {
            first = first.Replace(wildcard, "://localhost", StringComparison.Ordinal);
        }

        return Uri.TryCreate(first, UriKind.Absolute, out var address) && address.Host is not ("" or "unix") ? address : null;
    }

    /// <summary>
    /// Whether a browser asks this machine itself under this name (RFC 6761): no name server can make another site's page use it. Without
    /// a port; IPv6 in brackets.
    /// </summary>
    public static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || IsLoopbackNumber(host);

    /// <summary>Whether <c>AllowedHosts</c> lists names, instead of taking any.</summary>
    public static bool NamesAreListed(IConfiguration configuration) =>
        Split(configuration["AllowedHosts"]) is { Length: > 0 } names && !names.Any(name => name is "*" or "[::]" or "0.0.0.0");

    private static string Setting(IConfiguration configuration) =>
        Endpoints(configuration) is { Length: > 0 } ? $"Url in {EndpointsSection}"
        : Split(configuration["urls"]) is { Length: > 0 } ? "ASPNETCORE_URLS"
        : "ASPNETCORE_HTTP_PORTS and ASPNETCORE_HTTPS_PORTS";

    private static string[] Endpoints(IConfiguration configuration) =>
        [.. configuration.GetSection(EndpointsSection).GetChildren().Select(e => e["Url"]).OfType<string>()];

    private static IEnumerable<string> Configured(IConfiguration configuration)
    {
        var endpoints = Endpoints(configuration);
        string[] urls = Split(configuration["urls"]);
        string[] ports = [.. Split(configuration["http_ports"]), .. Split(configuration["https_ports"])];
        // The server's own order: Kestrel endpoints, else urls, else ports on every interface.
        return endpoints.Length > 0 ? endpoints
            : urls.Length > 0 ? urls
            : ports.Select(port => $"http://*:{port}");
    }

    private static string? Fault(string address)
    {
        try
        {
            var parsed = BindingAddress.Parse(address);
            return parsed.Scheme.ToUpperInvariant() is not ("HTTP" or "HTTPS") ? $"{parsed.Scheme} is not http"
                : parsed.PathBase.Length > 0 ? "it names a path"
                : parsed.Port is < 0 or > IPEndPoint.MaxPort ? $"the port is not within 0 and {IPEndPoint.MaxPort}"
                : null;
        }
        catch (FormatException)
        {
            return "it is no address such as http://localhost:8000";
        }
    }

    private static bool IsLoopback(string address)
    {
        if (address.StartsWith("http://unix:", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        // "*" and "+" are no hosts to Uri, and every other name may resolve to anything.
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Host == "localhost" || IsLoopbackNumber(uri.Host));
    }

    private static bool IsLoopbackNumber(string host) => IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip);

    private static string[] Split(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
