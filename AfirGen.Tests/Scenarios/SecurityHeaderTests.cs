using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using AfirGen.Tests.Browser;
using AfirGen.Tests.Deploy;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>What every answer tells a browser, whoever asks for what and whatever comes of it.</summary>
public sealed partial class SecurityHeaderTests(SecurityHeaderTests.WithFir shared) : IClassFixture<SecurityHeaderTests.WithFir>
{
    /// <summary>Mapped by libraries or under a name of a constant.</summary>
    private static readonly string[] Others = ["GET /alive", "GET /metrics", "GET /openapi/v1.json", "GET /docs", "GET /nowhere"];

    /// <summary>Holds no complaint and is asked for with each page.</summary>
    private const string Asset = "GET /assets/{name}";

    [Fact]
    public async Task Every_endpoint_answers_everybody_with_the_security_headers()
    {
        var routes = Mapped().Concat(Others).Distinct().ToList();
        Assert.True(routes.Count > 30, $"Only {routes.Count} routes were found in the source.");
        using var stranger = shared.Stack.Api.CreateClient();
        var statuses = new HashSet<int>();

        foreach (var route in routes.Order(StringComparer.Ordinal))
        {
            var (method, path) = (route.Split(' ')[0], Filled(route.Split(' ')[1]));
            foreach (var client in (ApiClient[])[stranger, shared.Client])
            {
                foreach (var accept in (string?[])[null, "text/html"])
                {
                    if (client == shared.Client && (path == "/status/events" || path == "/operations/drain"))
                    {
                        continue; // of a stream only the beginning comes, see below; a drain would refuse the rest
                    }

                    var reply = await client.SendAsync(new(method), path, null, null, ("Accept", accept));
                    Check($"{route} {reply.Status} {accept}", reply.Headers, mayBeKept: route == Asset);
                    statuses.Add(reply.Status);
                }
            }
        }

        Assert.Superset(new HashSet<int> { 200, 400, 401, 404 }, statuses); // pages, data, refusals
    }

    [Fact]
    public async Task A_stream_a_wrong_method_a_wrong_host_and_a_limit_have_them_too()
    {
        using var http = new HttpClient { BaseAddress = shared.Stack.Api.Address };
        http.DefaultRequestHeaders.Add("X-API-Key", PageStack.Operator);
        using (
            var stream = await http.GetAsync(
                "/status/events",
                HttpCompletionOption.ResponseHeadersRead,
                TestContext.Current.CancellationToken
            )
        )
        {
            Check("stream", Headers(stream));
        }

        Check("method", (await shared.Client.SendAsync(HttpMethod.Delete, "/process")).Headers);
        await using var stack = await EmbeddedStack.StartAsync(
            new Dictionary<string, string> { ["AllowedHosts"] = "afirgen.example;127.0.0.1", ["AfirGen:RateLimitPerMinute"] = "1" }
        );
        var host = await stack.Client.SendAsync(HttpMethod.Get, "/list_firs", null, null, ("Host", "evil.example"));
        Assert.Equal(400, host.Status);
        Check("host", host.Headers);
        (await stack.Client.GetAsync("/list_firs")).RequireOk();
        var limited = await stack.Client.GetAsync("/list_firs");
        Assert.Equal(429, limited.Status);
        Check("limited", limited.Headers);
        (await stack.Client.PostAsync("/operations/drain")).RequireOk();
        var draining = await stack.Client.ProcessAsync("too late");
        Assert.Equal(503, draining.Status);
        Check("draining", draining.Headers);
    }

    [Fact]
    public async Task The_answer_to_a_request_that_the_drain_cancelled_has_them_too()
    {
        await using var desk = await SlowDesk.OpenAsync(
            EmbeddedStack.Prepared(
                new Dictionary<string, string> { ["Drain:DrainTimeout"] = "00:00:01", ["Drain:CancellationGrace"] = "00:00:01" }
            ),
            1
        );

        desk.Stack.Api.Signal(ApiProcess.SigTerm);

        var cancelled = Assert.Single(await desk.Answers);
        Assert.Equal("cancelled-by-drain", cancelled.ProblemType);
        Check("cancelled", cancelled.Headers);
    }

    [Fact]
    public async Task Over_https_a_browser_is_told_to_stay_there()
    {
        using var folder = new TemporaryFolder();
        using var certificate = Certificate();
        await File.WriteAllBytesAsync(
            folder.File("tls.pfx"),
            certificate.Export(X509ContentType.Pfx),
            TestContext.Current.CancellationToken
        );
        var port = Docker.FreePort();
        await using var stack = await EmbeddedStack.StartAsync(
            new Dictionary<string, string>
            {
                ["urls"] = $"http://127.0.0.1:0;https://127.0.0.1:{port}",
                ["Kestrel:Certificates:Default:Path"] = folder.File("tls.pfx"),
            }
        );
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString(),
            },
        };
        using var http = new HttpClient(handler);

        using var secure = await http.GetAsync(new Uri($"https://127.0.0.1:{port}/health"), TestContext.Current.CancellationToken);

        Assert.Equal("max-age=31536000", Headers(secure)["Strict-Transport-Security"]);
        Assert.DoesNotContain("Strict-Transport-Security", (await stack.Client.GetAsync("/health")).Headers.Keys);
    }

    private static void Check(string what, IReadOnlyDictionary<string, string> headers, bool mayBeKept = false)
    {
        Has("X-Content-Type-Options", "nosniff");
        Has("X-Frame-Options", "DENY");
        Has("Referrer-Policy", "no-referrer");
        Has("Cross-Origin-Opener-Policy", "same-origin");
        Has("Cross-Origin-Resource-Policy", "same-origin");
        Has("Permissions-Policy", "microphone=()");
        Has("Content-Security-Policy", "frame-ancestors 'none'");
        Has("Content-Security-Policy", "base-uri 'none'");
        Has("Cache-Control", mayBeKept ? "no-cache" : "no-store");
        Assert.DoesNotContain("Server", headers.Keys);
        Assert.DoesNotContain("X-Powered-By", headers.Keys);

        void Has(string name, string value) =>
            Assert.True(
                headers.GetValueOrDefault(name)?.Contains(value, StringComparison.Ordinal) == true,
                $"{what}: {name} is '{headers.GetValueOrDefault(name)}'."
            );
    }

    /// <summary>Every route of the source, so that none is forgotten here.</summary>
    private static IEnumerable<string> Mapped() =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "AfirGen.Api"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Route().Matches(File.ReadAllText(file)))
            .Select(route => $"{route.Groups["method"].Value.ToUpperInvariant()} {route.Groups["path"].Value}");

    private string Filled(string path) =>
        path.Replace("{session_id}", shared.Journey.SessionId, StringComparison.Ordinal)
            .Replace("{fir_number}", shared.Journey.FirNumber, StringComparison.Ordinal)
            .Replace("{name}", path.StartsWith("/assets", StringComparison.Ordinal) ? "page.css" : "database", StringComparison.Ordinal)
            .Replace("{key}", "some-key", StringComparison.Ordinal);

    private static Dictionary<string, string> Headers(HttpResponseMessage response) =>
        response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value));

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    [GeneratedRegex("""\.Map(?<method>Get|Post)\(\s*"(?<path>/[^"]*)""")]
    private static partial Regex Route();

    public sealed class WithFir : SharedService
    {
        internal Journey Journey { get; private set; } = null!;

        internal override Dictionary<string, string> Settings => PageStack.Settings();

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            Journey = await Journey.BeginAsync(Client, Complaints.Theft);
        }
    }
}
