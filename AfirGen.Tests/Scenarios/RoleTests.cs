using AfirGen.Tests.Browser;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>What each role may do, and what other sites' pages may make a browser do.</summary>
public sealed class RoleTests(RoleTests.WithRoles shared) : IClassFixture<RoleTests.WithRoles>
{
    private const string Session = "00000000-0000-4000-8000-000000000000";

    [Theory]
    [InlineData(PageStack.Officer, "/process", true)]
    [InlineData(PageStack.Officer, "/validate", true)]
    [InlineData(PageStack.Officer, $"/regenerate/{Session}", true)]
    [InlineData(PageStack.Officer, $"/session/{Session}/resume", true)]
    [InlineData(PageStack.Officer, "/authenticate", false)]
    [InlineData(PageStack.Officer, "/operations/drain", false)]
    [InlineData(PageStack.Officer, "/operations/resume", false)]
    [InlineData(PageStack.Officer, "/reliability/circuit-breaker/database/reset", false)]
    [InlineData(PageStack.Officer, "/reliability/auto-recovery/database/trigger", false)]
    [InlineData(PageStack.Registrar, "/authenticate", true)]
    [InlineData(PageStack.Registrar, "/operations/drain", false)]
    [InlineData(PageStack.Operator, "/process", false)]
    [InlineData(PageStack.Operator, "/validate", false)]
    [InlineData(PageStack.Operator, $"/regenerate/{Session}", false)]
    [InlineData(PageStack.Operator, $"/session/{Session}/resume", false)]
    [InlineData(PageStack.Operator, "/authenticate", false)]
    [InlineData(PageStack.Operator, "/reliability/circuit-breaker/database/reset", true)]
    [InlineData(PageStack.Operator, "/reliability/auto-recovery/database/trigger", true)]
    public async Task A_key_does_what_its_roles_allow_and_nothing_else(string key, string path, bool allowed)
    {
        using var client = shared.Stack.Api.CreateClient(key);
        var before = await shared.Stack.Stores.ContentsAsync();

        var reply = await client.PostAsync(path, new System.Text.Json.Nodes.JsonObject());

        if (allowed)
        {
            Assert.NotEqual(403, reply.Status);
        }
        else
        {
            Assert.Equal("role-missing", reply.ProblemType);
            Assert.Equal(before, await shared.Stack.Stores.ContentsAsync());
        }
    }

    [Theory]
    [InlineData(PageStack.Officer)]
    [InlineData(PageStack.Operator)]
    public async Task Every_key_reads(string key)
    {
        using var client = shared.Stack.Api.CreateClient(key);

        foreach (var path in (string[])["/list_firs", "/firs", "/view_fir_records", "/durability", "/status", "/"])
        {
            Assert.Equal(200, (await client.GetAsync(path)).Status);
        }
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "null")]
    public async Task A_page_of_another_site_makes_the_browser_change_nothing(string header, string value)
    {
        await using var open = await EmbeddedStack.StartAsync(); // no key is wanted: nothing else stands in the way
        var form = new MultipartFormDataContent { { new StringContent("A complaint that nobody made"), "text" } };

        var reply = await open.Client.SendAsync(HttpMethod.Post, "/process", form, null, (header, value));

        Assert.Equal("cross-site", reply.ProblemType);
        Assert.Equal(0, open.Stores.JournalCount("sessions"));
        var own = new MultipartFormDataContent { { new StringContent("A complaint"), "text" } };
        var origin = open.Client.Address.GetLeftPart(UriPartial.Authority);
        (
            await open.Client.SendAsync(HttpMethod.Post, "/process", own, null, ("Origin", origin), ("Sec-Fetch-Site", "same-origin"))
        ).RequireOk();
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/sign-out")]
    [InlineData("/language")]
    public async Task A_form_without_its_token_does_nothing(string path)
    {
        var form = new FormUrlEncodedContent([new("key", PageStack.Officer), new("language", "hi"), new("back", "/")]);

        var reply = await shared.Client.SendAsync(HttpMethod.Post, path, form);

        Assert.Equal(400, reply.Status);
        Assert.DoesNotMatch("afirgen-(session|language)", reply.Headers.GetValueOrDefault("Set-Cookie", ""));
    }

    [Theory]
    [InlineData("AfirGen:Keys:a:Key", "short", "AfirGen:Keys:a:Key must have")]
    [InlineData("AfirGen:Keys:a:Roles", "none", "AfirGen:Keys:a:Roles must be")]
    [InlineData("AfirGen:Keys:a:Roles", "officer,king", "AfirGen:Keys:a:Roles must be")]
    [InlineData("AfirGen:Keys:a:Roles", "7", "AfirGen:Keys:a:Roles must be")]
    [InlineData("AfirGen:ApiKey", "a-long-enough-key", "another key too")]
    public async Task A_key_that_cannot_be_meant_stops_the_start_with_one_line(string setting, string value, string said)
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string>
        {
            ["AfirGen:Keys:a:Key"] = "a-long-enough-key",
            ["AfirGen:Keys:a:Roles"] = "officer",
            [setting] = value,
        };
        await using var api = ApiProcess.Launch(folder.Path, settings);

        Assert.Equal(78, await api.WaitForExitAsync());
        Assert.Contains(api.Log, line => line.Contains(said, StringComparison.Ordinal));
    }

    public sealed class WithRoles : SharedService
    {
        internal override Dictionary<string, string> Settings => PageStack.Settings();
    }
}
