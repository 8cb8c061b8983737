using System.Globalization;
using System.Security.Cryptography;
using AfirGen.Api.Access;
using AfirGen.Api.Endpoints;
using AfirGen.Tests.Browser;
using AfirGen.Tests.Stack;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AfirGen.Tests.Scenarios;

/// <summary>How much one key may ask, and how often one address may guess.</summary>
public sealed class LimitTests : IDisposable
{
    private const int Guesses = 5;
    private readonly KeyDesk _desk = new();

    [Fact]
    public async Task A_key_beyond_its_rate_is_told_which_limit_it_met_and_disturbs_no_other_key()
    {
        var settings = PageStack.Settings();
        settings["AfirGen:RateLimitPerMinute"] = "5";
        await using var stack = await EmbeddedStack.StartAsync(settings);
        using var meera = stack.Api.CreateClient(PageStack.Operator);
        using var asha = stack.Api.CreateClient(PageStack.Officer);
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => meera.GetAsync("/list_firs")));

        Assert.Equal(5, replies.Count(reply => reply.Status == 200));
        var refused = replies.First(reply => reply.Status == 429);
        BadInputTests.AssertProblem(refused, 429, "rate-limited", "5 requests a minute", "meera");
        Assert.Equal("requests-per-minute", refused["limit"]);
        Assert.InRange(int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 60);
        (await asha.GetAsync("/list_firs")).RequireOk();
        for (var n = 0; n < 10; n++)
        {
            (await meera.GetAsync("/health")).RequireOk();
            (await meera.GetAsync("/alive")).RequireOk();
        }

        (await meera.PostAsync("/operations/drain")).RequireOk();
        (await meera.PostAsync("/operations/resume")).RequireOk();
    }

    [Theory]
    [InlineData("0")]
    [InlineData(null)]
    public async Task Without_a_limit_or_with_the_default_one_hundreds_of_requests_are_taken(string? limit)
    {
        var settings = PageStack.Settings();
        if (limit is not null)
        {
            settings["AfirGen:RateLimitPerMinute"] = limit;
        }

        await using var stack = await EmbeddedStack.StartAsync(settings);
        var replies = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => stack.Client.GetAsync("/ledger/key")));
        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
    }

    [Fact]
    public async Task Beyond_the_limit_of_guesses_a_right_one_is_answered_like_a_wrong_one_also_after_a_kill()
    {
        var random = _desk.Write("random", Role.Officer, null);
        await using var stack = await StartAsync();
        using var known = stack.Api.CreateClient(PageStack.Officer);
        (await known.GetAsync("/list_firs")).RequireOk(); // shown from here before
        await GuessAsync(stack, Guesses);

        var wrong = await TryAsync(stack, "one-more-guess");
        var right = await TryAsync(stack, PageStack.Operator);
        BadInputTests.AssertProblem(wrong, 429, "rate-limited", $"{Guesses} keys");
        Assert.Equal("failed-keys", wrong["limit"]);
        Assert.InRange(int.Parse(wrong.Headers["Retry-After"], CultureInfo.InvariantCulture), 500, 600);
        Assert.Equal((wrong.Status, wrong["detail"]), (right.Status, right["detail"]));
        (await known.GetAsync("/list_firs")).RequireOk();
        Assert.Equal(200, (await TryAsync(stack, random)).Status); // 256 bits are nobody's guess

        await stack.RestartAsync(kill: true);

        Assert.Equal(429, (await TryAsync(stack, "one-more-guess")).Status);
        Assert.Equal(429, (await TryAsync(stack, PageStack.Operator)).Status);
        Assert.Equal(200, (await TryAsync(stack, random)).Status);
        (await stack.Client.GetAsync("/health")).RequireOk();
        await Eventually.TrueAsync(
            () => stack.Stores.Audit("outcome = 'limited'").Count is 1 or 2,
            "it is noted once a minute and process"
        );
    }

    /// <summary>As behind a proxy, where all have one address: the old client goes on with the old key, and a restart reads its failures again.</summary>
    [Theory]
    [InlineData(31, 429)] // may be a word
    [InlineData(32, 200)]
    public async Task A_long_configured_key_that_was_exchanged_is_taken_whoever_goes_on_with_the_old_one(int length, int expected)
    {
        await using var stack = await StartAsync();
        var exchanged = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))[..length];
        stack.Settings["AfirGen:Keys:meera:Key"] = exchanged;
        await stack.RestartAsync();
        for (var n = 0; n < Guesses; n++)
        {
            Assert.Equal(401, (await TryAsync(stack, PageStack.Operator)).Status);
        }

        await stack.RestartAsync();

        Assert.Equal(429, (await TryAsync(stack, PageStack.Operator)).Status);
        Assert.Equal(expected, (await TryAsync(stack, exchanged)).Status);
    }

    [Fact]
    public async Task The_form_counts_with_the_header_and_says_so_on_its_page()
    {
        await using var stack = await StartAsync();
        using var visitor = new Visitor(stack.Api.Address);
        using var signedIn = new Visitor(stack.Api.Address);
        Assert.Equal(303, (await signedIn.SignInAsync(PageStack.Officer)).Status);
        await GuessAsync(stack, Guesses - 1);
        Assert.Equal(401, (await visitor.SignInAsync("a-wrong-key")).Status);

        var limited = await visitor.SignInAsync(PageStack.Operator);

        Assert.Equal(429, limited.Status);
        Assert.Contains("Try again in a few minutes", limited.Text, StringComparison.Ordinal);
        Assert.Contains("Retry-After", limited.Headers.Keys);
        (await signedIn.GetAsync("/list_firs")).RequireOk(); // a session is no guess
    }

    [Theory]
    [InlineData("short-auth-key", 429)] // a right guess is answered like a wrong one
    [InlineData("an-auth-key-of-32-characters-----", 404)] // nobody guesses it, and there is no such FIR
    public async Task Whoever_has_a_key_may_not_try_auth_keys_without_end(string authKey, int expected)
    {
        const string fir = "FIR-1a2b3c4d-20261126083000";
        await using var stack = EmbeddedStack.Prepared(PageStack.Settings());
        stack.Settings["AfirGen:FailedKeyLimit"] = $"{Guesses}";
        stack.Settings["AfirGen:FinalisationKey"] = authKey;
        await stack.StartApiAsync();
        using var imran = stack.Api.CreateClient(PageStack.Registrar);
        using var vikram = stack.Api.CreateClient(PageStack.RegistrarOnly);
        for (var n = 0; n < Guesses; n++)
        {
            Assert.Equal(404, (await imran.AuthenticateAsync(fir, authKey)).Status); // a right one counts not
            Assert.Equal(401, (await imran.AuthenticateAsync(fir, $"wrong-guess-{n}")).Status);
        }

        var wrong = await imran.AuthenticateAsync(fir, "one-more-guess");
        BadInputTests.AssertProblem(wrong, 429, "rate-limited", $"{Guesses} wrong values of auth_key");
        Assert.Equal("failed-auth-keys", wrong["limit"]);
        Assert.InRange(int.Parse(wrong.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 600);
        Assert.Equal(expected, (await imran.AuthenticateAsync(fir, authKey)).Status);
        Assert.Equal(404, (await vikram.AuthenticateAsync(fir, authKey)).Status); // another key is another one's
        Assert.Equal(Guesses, stack.Stores.Audit("outcome = 'wrong auth_key'").Count);
    }

    [Fact]
    public async Task Whoever_has_a_key_cannot_fill_the_log_by_signing_in_and_out()
    {
        await using var stack = await StartAsync();
        using var visitor = new Visitor(stack.Api.Address);
        var taken = 0;
        Reply reply;
        while ((reply = await visitor.SignInAsync(PageStack.Officer)).Status == 303 && taken < 10 * SignInLimit.PerMinute)
        {
            taken++;
        }

        BadInputTests.AssertProblem(reply, 429, "rate-limited", "asha");
        Assert.Equal("sign-ins-per-minute", reply["limit"]);
        Assert.Equal(429, (await visitor.SignOutAsync()).Status); // the cookie may be shown again and again
        Assert.InRange(taken, SignInLimit.PerMinute, 5 * SignInLimit.PerMinute);
        Assert.Equal(taken, stack.Stores.Audit("action LIKE 'sign-%'").Count);
        using var meera = new Visitor(stack.Api.Address);
        Assert.Equal(303, (await meera.SignInAsync(PageStack.Operator)).Status);
    }

    [Fact]
    public async Task A_page_for_everybody_does_not_tell_a_right_guess_from_a_wrong_one()
    {
        await using var stack = await StartAsync();
        using var right = stack.Api.CreateClient(PageStack.Officer);
        using var wrong = stack.Api.CreateClient("no-key-of-anybody");

        foreach (var path in (string[])["/sign-in", "/health", "/docs"])
        {
            foreach (var client in (ApiClient[])[right, wrong])
            {
                var page = (await client.GetAsync(path)).RequireOk().Text;
                Assert.DoesNotContain("asha", page, StringComparison.Ordinal);
                Assert.DoesNotContain("/sign-out", page, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Without_a_limit_of_guesses_they_are_only_recorded()
    {
        await using var stack = await StartAsync("0");
        await GuessAsync(stack, 40);

        Assert.Equal(200, (await TryAsync(stack, PageStack.Operator)).Status);
        Assert.Equal(40, stack.Stores.Audit("action = 'key-refused'").Count);
    }

    [Fact]
    public void Guesses_are_forgotten_one_by_one_and_an_IPv6_network_is_one_guesser()
    {
        var clock = new FakeTimeProvider();
        var failed = new FailedKeys(Options.Create(new ServiceOptions { FailedKeyLimit = 2 }), clock);
        failed.Failed("2001:db8::1");
        clock.Advance(TimeSpan.FromMinutes(6));
        failed.Failed("2001:db8::ffff");

        Assert.Equal(clock.GetUtcNow() + TimeSpan.FromMinutes(4), failed.BlockedUntil("2001:db8::2", null));
        Assert.Null(failed.BlockedUntil("2001:db8:0:1::1", null));
        Assert.Null(failed.BlockedUntil("192.0.2.1", null));
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Null(failed.BlockedUntil("2001:db8::2", null));
        failed.Failed("2001:db8::3");
        Assert.NotNull(failed.BlockedUntil("2001:db8::2", null));
    }

    [Fact]
    public void However_many_addresses_guess_the_memory_for_them_is_bounded_and_none_gets_more_guesses()
    {
        var failed = new FailedKeys(Options.Create(new ServiceOptions { FailedKeyLimit = 2 }), new FakeTimeProvider());
        for (var i = 0; i < 20_000; i++)
        {
            failed.Failed($"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}");
        }

        Assert.NotNull(failed.BlockedUntil("203.0.113.1", null)); // one of those that come too late to be told apart
    }

    [Theory]
    [InlineData("AfirGen:FailedKeyLimit")]
    [InlineData("AfirGen:RateLimitPerMinute")]
    public async Task A_limit_below_nothing_stops_the_start(string setting)
    {
        using var folder = new TemporaryFolder();
        await using var api = ApiProcess.Launch(folder.Path, new Dictionary<string, string> { [setting] = "-1" });

        Assert.Equal(78, await api.WaitForExitAsync());
        Assert.Contains(api.Log, line => line.Contains($"{setting} must not be negative", StringComparison.Ordinal));
    }

    public void Dispose() => _desk.Dispose();

    private Task<EmbeddedStack> StartAsync(string? limit = null)
    {
        var settings = _desk.Equip(PageStack.Settings());
        settings["AfirGen:FailedKeyLimit"] = limit ?? Guesses.ToString(CultureInfo.InvariantCulture);
        return EmbeddedStack.StartAsync(settings);
    }

    private static async Task GuessAsync(EmbeddedStack stack, int count)
    {
        for (var n = 0; n < count; n++)
        {
            Assert.Equal(401, (await TryAsync(stack, $"wrong-guess-{n}")).Status);
        }
    }

    private static async Task<Reply> TryAsync(EmbeddedStack stack, string key)
    {
        using var client = stack.Api.CreateClient(key);
        return await client.GetAsync("/list_firs");
    }
}
