using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>Without a key the service serves this machine only, unless somebody says in so many words that strangers are welcome.</summary>
public sealed class AnonymousAccessTests
{
    private const string EveryInterface = "http://0.0.0.0:0";

    [Fact]
    public async Task Without_a_key_it_does_not_start_on_an_address_that_others_can_reach()
    {
        using var folder = new TemporaryFolder();
        await using var api = ApiProcess.Launch(folder.Path, new Dictionary<string, string> { ["urls"] = EveryInterface });

        Assert.Equal(78, await api.WaitForExitAsync());
        Assert.Contains(api.Log, line => line.Contains("AfirGen:ApiKey is not set", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Anonymous_access_must_be_allowed_explicitly_and_is_warned_about_at_start()
    {
        await using var stack = await EmbeddedStack.StartAsync(
            new Dictionary<string, string> { ["urls"] = EveryInterface, ["AfirGen:AllowAnonymous"] = "true" }
        );

        using var stranger = new ApiClient(new Uri($"http://127.0.0.1:{stack.Api.Address.Port}"));
        (await stranger.ProcessAsync("Test")).RequireOk();
        Assert.Contains(stack.Api.Log, line => line.Contains("AfirGen:AllowAnonymous is set", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Anonymous_access_and_a_key_contradict_each_other()
    {
        using var folder = new TemporaryFolder();
        var both = new Dictionary<string, string> { ["AfirGen:AllowAnonymous"] = "true", ["AfirGen:ApiKey"] = "a-long-enough-key" };
        await using var api = ApiProcess.Launch(folder.Path, both);

        Assert.Equal(78, await api.WaitForExitAsync());
        Assert.Contains(api.Log, line => line.Contains("contradict", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_key_a_page_of_another_site_reaches_nothing_by_a_name_that_it_points_to_this_machine()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        string[] names = ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "192.168.0.10", "[fe80::1]"];
        foreach (var host in names.Select(name => $"{name}:{stack.Api.Address.Port}"))
        {
            var form = new MultipartFormDataContent { { new StringContent("A complaint that nobody made"), "text" } };
            var origin = $"http://{host}";

            var sent = await stack.Client.SendAsync(HttpMethod.Post, "/process", form, null, ("Host", host), ("Origin", origin));
            var read = await stack.Client.SendAsync(HttpMethod.Get, "/list_firs", null, null, ("Host", host));

            BadInputTests.AssertProblem(sent, 421, "unknown-host", "AfirGen__ApiKey", "AllowedHosts");
            BadInputTests.AssertProblem(read, 421, "unknown-host");
        }

        Assert.Equal(0, stack.Stores.JournalCount("sessions"));
    }

    [Fact]
    public async Task Without_a_key_every_name_of_this_machine_is_answered()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        foreach (var name in (string[])["localhost", "LOCALHOST", "127.0.0.1", "127.9.8.7", "[::1]", "afirgen.localhost"])
        {
            var host = $"{name}:{stack.Api.Address.Port}";
            (await stack.Client.SendAsync(HttpMethod.Get, "/list_firs", null, null, ("Host", host))).RequireOk();
        }
    }

    [Theory]
    [InlineData("AfirGen:ApiKey", "a-long-enough-key", 200)]
    [InlineData("AllowedHosts", "afirgen.example;127.0.0.1;localhost", 200)]
    [InlineData("AllowedHosts", "another.example;127.0.0.1;localhost", 400)]
    public async Task With_a_key_any_name_is_answered_and_without_one_those_that_are_listed(string setting, string value, int status)
    {
        await using var stack = await EmbeddedStack.StartAsync(new Dictionary<string, string> { [setting] = value });

        var reply = await stack.Client.SendAsync(HttpMethod.Get, "/list_firs", null, null, ("Host", "afirgen.example"));

        Assert.Equal(status, reply.Status);
    }
}
