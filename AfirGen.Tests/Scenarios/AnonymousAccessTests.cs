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
}
