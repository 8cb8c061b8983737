using System.Net;

namespace AfirGen.Api.Endpoints;

/// <summary>The addresses that the configuration tells the server to listen on.</summary>
internal static class ListeningAddresses
{
    public const string Default = "http://localhost:8000";

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

    /// <returns>The first one that no server can listen on, with the reason; null when there is none.</returns>
    public static string? Problem(IConfiguration configuration) =>
        Configured(configuration)
            .Select(address => Fault(address) is { } fault ? $"cannot listen on {address}: {fault}" : null)
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

    private static IEnumerable<string> Configured(IConfiguration configuration)
    {
        string[] endpoints = [.. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).OfType<string>()];
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
            return parsed.Scheme is not ("http" or "https") ? $"{parsed.Scheme} is not http"
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
