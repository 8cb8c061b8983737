using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>Whatever is wrong with a request, its sender is told what, in one form, and nothing at all is stored.</summary>
public sealed class BadInputTests(BadInputTests.OneSession shared) : IClassFixture<BadInputTests.OneSession>
{
    public static TheoryData<string> Names => [.. BadRequests.All.Select(request => request.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Defect", "D-02")]
    [Trait("Defect", "D-46")]
    public async Task A_bad_request_is_refused_with_a_problem_that_says_why_and_leaves_no_trace(string name)
    {
        var bad = BadRequests.All.Single(request => request.Name == name);
        var before = await shared.Stack.Stores.ContentsAsync();

        var reply = await bad.Send(shared.Client, shared.Journey);

        AssertProblem(reply, bad.Status, bad.Type, bad.Details);
        Assert.Equal(before, await shared.Stack.Stores.ContentsAsync());
    }

    [Fact]
    public async Task Beyond_the_configured_rate_the_answer_is_429_and_health_still_answers()
    {
        await using var stack = await EmbeddedStack.StartAsync(new Dictionary<string, string> { ["AfirGen:RateLimitPerMinute"] = "5" });
        for (var n = 0; n < 5; n++)
        {
            (await stack.Client.GetAsync("/list_firs")).RequireOk();
        }

        var before = await stack.Stores.ContentsAsync();
        var refused = await stack.Client.ProcessAsync("One too many");

        AssertProblem(refused, 429, "rate-limited", "Retry-After");
        Assert.True(int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.Equal(before, await stack.Stores.ContentsAsync());
        (await stack.Client.GetAsync("/health")).RequireOk();
        (await stack.Client.GetAsync("/alive")).RequireOk();
    }

    internal static void AssertProblem(Reply reply, int status, string type, params string[] details)
    {
        Assert.True(reply.Status == status, $"{reply.Status} instead of {status}: {reply.Text}");
        Assert.Equal(type, reply.ProblemType);
        Assert.All(details, part => Assert.Contains(part, reply["detail"], StringComparison.Ordinal));
        Assert.Equal((int?)status, (int?)reply.Json["status"]);
        Assert.NotEmpty(reply["title"]);
        Assert.Matches("^[0-9a-f]{32}$", reply["traceId"]);
        Assert.DoesNotContain("   at ", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("AfirGen.Api", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\.NET|Request'|System\.|constructor|deserializ", reply.Text); // names of ours say nothing to a client
    }

    /// <summary>A service with one session at its first step.</summary>
    public sealed class OneSession : SharedService
    {
        internal Journey Journey { get; private set; } = null!;

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            Journey = await Journey.BeginAsync(Client, Complaints.Theft);
            Assert.Equal("registry", Journey.Created.Headers["X-Durability"]); // nothing is still on its way
        }
    }
}
