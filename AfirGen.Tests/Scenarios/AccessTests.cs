using System.Text.RegularExpressions;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>Who may ask what, and how the service answers strangers.</summary>
public sealed partial class AccessTests(AccessTests.WithKey shared) : IClassFixture<AccessTests.WithKey>, IDisposable
{
    private const string ApiKey = "a-test-api-key";

    private readonly ApiClient _stranger = shared.Stack.Api.CreateClient();

    [Theory]
    [InlineData("X-API-Key", ApiKey, 200)]
    [InlineData("Authorization", $"Bearer {ApiKey}", 200)]
    [InlineData("Authorization", $"bearer {ApiKey}", 200)]
    [InlineData("Authorization", ApiKey, 401)]
    [InlineData("Authorization", $"Basic {ApiKey}", 401)]
    [InlineData("X-API-Key", "a-test-api-ke", 401)]
    [InlineData("X-API-Key", "", 401)]
    [InlineData("X-API-Key", "A-TEST-API-KEY", 401)]
    public async Task The_API_key_is_taken_as_header_or_bearer_token_and_nothing_else(string header, string value, int status)
    {
        var reply = await _stranger.SendAsync(HttpMethod.Get, "/list_firs", null, null, (header, value));

        Assert.Equal(status, reply.Status);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    [InlineData("/docs")]
    [InlineData("/openapi/v1.json")]
    [Trait("Defect", "D-47")]
    public async Task Health_liveness_and_the_documentation_are_public(string path) =>
        Assert.Equal(200, (await _stranger.GetAsync(path)).Status);

    [Theory]
    [InlineData("GET", "/list_firs")]
    [InlineData("GET", "/view_fir_records")]
    [InlineData("GET", "/fir/FIR-12345678-20261016100000")]
    [InlineData("GET", "/session/00000000-0000-4000-8000-000000000000/status")]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "/reliability")]
    [InlineData("GET", "/durability")]
    [InlineData("GET", "/operations/some-key")]
    [InlineData("GET", "/nowhere")]
    [InlineData("POST", "/process")]
    [InlineData("POST", "/validate")]
    [InlineData("POST", "/authenticate")]
    [InlineData("POST", "/operations/drain")]
    public async Task Everything_else_wants_the_key_and_stores_nothing_without_it(string method, string path)
    {
        var before = shared.Stack.Stores.Contents();

        var missing = await _stranger.SendAsync(new(method), path, method == "POST" ? BadRequest.Json("{}") : null);
        var wrong = await _stranger.SendAsync(new(method), path, null, null, ("X-API-Key", "wrong-key-123"));

        BadInputTests.AssertProblem(missing, 401, "unauthorized", "X-API-Key", "Bearer");
        BadInputTests.AssertProblem(wrong, 401, "unauthorized", "Invalid API key");
        Assert.Equal("Bearer", missing.Headers["WWW-Authenticate"]);
        Assert.Equal(before, shared.Stack.Stores.Contents());
    }

    [Fact]
    public async Task The_description_lists_every_route_of_the_contract()
    {
        var paths = (await _stranger.GetAsync("/openapi/v1.json")).RequireOk().Json["paths"]!.AsObject();

        string[] contract =
        [
            "post /process",
            "post /validate",
            "post /regenerate/{session_id}",
            "get /session/{session_id}/status",
            "post /session/{session_id}/resume",
            "post /authenticate",
            "get /fir/{fir_number}",
            "get /fir/{fir_number}/content",
            "get /list_firs",
            "get /view_fir_records",
            "get /view_fir/{fir_number}",
            "get /health",
            "get /metrics",
            "get /reliability",
            "post /reliability/circuit-breaker/{name}/reset",
            "post /reliability/auto-recovery/{name}/trigger",
            "get /durability",
            "post /operations/drain",
            "post /operations/resume",
            "get /operations/{key}",
        ];
        var listed = paths.SelectMany(path => path.Value!.AsObject().Select(method => $"{method.Key} {path.Key}"));
        Assert.Empty(contract.Except(listed));
    }

    [Fact]
    public async Task The_documentation_takes_its_script_from_this_host_only()
    {
        var page = (await _stranger.GetAsync("/docs")).RequireOk();

        var sources = Source().Matches(page.Text).Select(match => match.Groups["url"].Value).Where(url => url.Length > 0).ToList();
        Assert.NotEmpty(sources);
        foreach (var source in sources)
        {
            Assert.DoesNotMatch("^(https?:)?//", source);
            (await _stranger.GetAsync(new Uri(new Uri(shared.Stack.Api.Address, "/docs/"), source).PathAndQuery)).RequireOk();
        }

        Assert.Contains("script-src 'self'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/health", 200)]
    [InlineData("/list_firs", 401)]
    [InlineData("/docs", 200)]
    public async Task Every_answer_carries_the_security_headers(string path, int status)
    {
        var reply = await _stranger.GetAsync(path);

        Assert.Equal(status, reply.Status);
        Assert.Equal("nosniff", reply.Headers["X-Content-Type-Options"]);
        Assert.Equal("DENY", reply.Headers["X-Frame-Options"]);
        Assert.Equal("no-referrer", reply.Headers["Referrer-Policy"]);
        Assert.Contains("default-src", reply.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("no-store", reply.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.DoesNotContain("Server", reply.Headers.Keys);
    }

    public void Dispose() => _stranger.Dispose();

    [GeneratedRegex("""<(script|link|img)[^>]*?\b(src|href)="(?<url>[^"]*)"|import\s[^;]*from\s*['"](?<url>[^'"]+)['"]""")]
    private static partial Regex Source();

    public sealed class WithKey : SharedService
    {
        internal override Dictionary<string, string> Settings => new() { ["AfirGen:ApiKey"] = ApiKey };
    }
}
