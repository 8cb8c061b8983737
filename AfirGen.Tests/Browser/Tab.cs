using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using AfirGen.Tests.Deploy;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>One person at one screen: a browser profile of its own, and everything that the browser complained about.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    private readonly IBrowserContext _profile;
    private readonly ConcurrentQueue<string> _complaints = new();

    private Tab(IBrowserContext profile, IPage page)
    {
        _profile = profile;
        Page = page;
    }

    public IPage Page { get; private set; }

    /// <summary>Errors of scripts and violations of the content security policy; a connection that is refused is the test's own doing.</summary>
    public IReadOnlyList<string> Complaints => [.. _complaints];

    public static async Task<Tab> OpenAsync(
        Chromium chromium,
        Uri address,
        string locale = "en-IN",
        int width = 1280,
        int height = 900,
        ColorScheme scheme = ColorScheme.Light
    )
    {
        var browser = await chromium.BrowserAsync();
        var profile = await browser.NewContextAsync(
            new()
            {
                BaseURL = address.ToString(),
                Locale = locale,
                ViewportSize = new() { Width = width, Height = height },
                ColorScheme = scheme,
                ReducedMotion = ReducedMotion.Reduce,
            }
        );
        profile.SetDefaultTimeout((float)Chromium.Patience.TotalMilliseconds);
        var tab = new Tab(profile, await profile.NewPageAsync());
        tab.Listen(tab.Page);
        return tab;
    }

    /// <summary>Closes the page and opens another in the same profile, as when a tab is closed and the address typed again.</summary>
    public async Task ReopenAsync(string path)
    {
        await Page.CloseAsync();
        Page = await OpenBesideAsync(path);
    }

    /// <summary>Another tab of the same person, beside the one that is open.</summary>
    public async Task<IPage> OpenBesideAsync(string path)
    {
        var page = await _profile.NewPageAsync();
        Listen(page);
        await page.GotoAsync(path);
        return page;
    }

    public async Task SignInAsync(string key, string path = "/")
    {
        await Page.GotoAsync(path);
        await GiveKeyAsync(Page, key);
    }

    /// <summary>Fills in the form of the sign-in page.</summary>
    public static async Task GiveKeyAsync(IPage page, string key)
    {
        await page.Locator("#key").FillAsync(key);
        await page.Locator("#key").PressAsync("Enter");
        await Assertions.Expect(page).Not.ToHaveURLAsync(new Regex("/sign-in"));
    }

    /// <summary>
    /// Waits until the address begins so. Not for the page's load event: Playwright's WaitForURL misses it now and then, and waits for ever.
    /// </summary>
    public static Task ArrivesAsync(IPage page, string path) =>
        Assertions.Expect(page).ToHaveURLAsync(new Regex("^[a-z]+://[^/]+" + Regex.Escape(path)));

    /// <summary>To the test results, for people to look at.</summary>
    public async Task ScreenshotAsync(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "TestResults", "screenshots"));
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder.FullName, $"{name}.png"), FullPage = true });
    }

    /// <summary>
    /// Notes what keeps people from using the page: WCAG 2.2 AA as far as a machine can tell, and what is wider than the screen.
    /// <see cref="AssertNoComplaint"/> then says all of it at once.
    /// </summary>
    public async Task InspectAsync()
    {
        var found = await Page.RunAxe(
            new AxeRunOptions
            {
                RunOnly = new() { Type = "tag", Values = [.. Rules] },
            }
        );
        foreach (var violation in found.Violations.Where(v => v.Impact is "serious" or "critical" or "moderate"))
        {
            var elements = string.Join("; ", violation.Nodes.Select(node => $"{node.Html} ({node.Target})"));
            _complaints.Enqueue($"{Page.Url}: {violation.Impact} {violation.Id}: {violation.Help}: {elements}");
        }

        await MeasureAsync();
    }

    /// <summary>Notes what is wider than the screen.</summary>
    public async Task MeasureAsync()
    {
        var overflow = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (overflow > 0)
        {
            _complaints.Enqueue($"{Page.Url} is {overflow} px wider than the screen.");
        }
    }

    public void AssertNoComplaint() => Assert.True(Complaints.Count == 0, string.Join("\n\n", Complaints.Distinct()));

    public async ValueTask DisposeAsync() => await _profile.DisposeAsync();

    private void Listen(IPage page)
    {
        page.PageError += (_, error) => _complaints.Enqueue($"script: {error}");
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                _complaints.Enqueue($"{message.Type}: {message.Text}");
            }
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("blob:", StringComparison.Ordinal) && new Uri(request.Url).Host != "127.0.0.1")
            {
                _complaints.Enqueue($"another host: {request.Url}");
            }
        };
    }
}
