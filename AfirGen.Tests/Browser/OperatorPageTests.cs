using System.Text.RegularExpressions;
using AfirGen.Tests.Stack;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>The operator sees the promise being kept, and drains.</summary>
public sealed class OperatorPageTests(Chromium chromium)
{
    [Theory]
    [InlineData("en-IN", 1280, ColorScheme.Light)]
    [InlineData("hi-IN", 360, ColorScheme.Dark)]
    [InlineData("en-IN", 1920, ColorScheme.Dark)]
    public async Task An_operator_sees_the_service_live_drains_it_and_takes_requests_again(string locale, int width, ColorScheme scheme)
    {
        await using var stack = await PageStack.StartAsync();
        await Journeys.RegisterAsync(stack.Client);
        await using var tab = await Tab.OpenAsync(chromium, stack.Api.Address, locale, width, scheme: scheme);
        await tab.SignInAsync(PageStack.Operator, "/status");

        await Assertions.Expect(tab.Page.Locator("#lamp")).ToHaveClassAsync("lamp good");
        await Assertions.Expect(tab.Page.Locator("#guard tr")).Not.ToHaveCountAsync(0);
        await Assertions.Expect(tab.Page.Locator("#guard .wrong")).ToHaveCountAsync(0);
        await Assertions.Expect(tab.Page.Locator("#ledger")).ToContainTextAsync("1");
        await tab.ScreenshotAsync($"status-{locale[..2]}-{width}");
        await tab.InspectAsync();

        await tab.Page.Locator("#drain").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#resume")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator("#lamp")).ToHaveClassAsync("lamp bad");
        Assert.Equal("draining", (await stack.Client.ProcessAsync("Test")).ProblemType);
        await tab.ScreenshotAsync($"status-{locale[..2]}-{width}-drained");
        await tab.Page.Locator("#resume").ClickAsync();

        await Assertions.Expect(tab.Page.Locator("#lamp")).ToHaveClassAsync("lamp good");
        (await stack.Client.ProcessAsync("Test")).RequireOk();
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task The_guard_s_settings_do_not_fill_a_small_screen_until_they_are_opened_and_are_short_then()
    {
        await using var stack = await PageStack.StartAsync();
        await using var tab = await Tab.OpenAsync(chromium, stack.Api.Address, width: 360);
        await tab.SignInAsync(PageStack.Operator, "/status");
        var settings = tab.Page.Locator("#guard tr");
        await Assertions.Expect(tab.Page.Locator("#guard-summary")).ToHaveTextAsync(new Regex("^[0-9]+ settings, all as wanted$"));
        await Assertions.Expect(settings.First).ToBeHiddenAsync();

        await tab.Page.Locator("#guard-summary").ClickAsync();
        await Assertions.Expect(settings.First).ToBeVisibleAsync();

        var count = await settings.CountAsync();
        var height = await tab.Page.Locator("#guard").EvaluateAsync<double>("rows => rows.getBoundingClientRect().height");
        Assert.True(height / count < 80, $"{count} settings are {height} px high.");
        await tab.ScreenshotAsync("status-guard-360");
        await tab.InspectAsync();
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task G5_a_page_that_watches_does_not_hold_up_the_stop_and_connects_again_after_it()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Operator, "/status");
        var (stack, tab, _) = office;
        await Assertions.Expect(tab.Page.Locator("#lamp")).ToHaveClassAsync("lamp good");

        var stopping = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(0, await stack.StopApiAsync());
        Assert.True(stopping.Elapsed < TimeSpan.FromSeconds(15), $"The stop took {stopping.Elapsed}.");
        await Assertions.Expect(tab.Page.Locator("#away")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator("#verdict")).ToHaveTextAsync("Not known: the service does not answer");

        await stack.StartApiAsync();
        await Assertions.Expect(tab.Page.Locator("#away")).ToBeHiddenAsync();
        await Assertions.Expect(tab.Page.Locator("#verdict")).ToHaveTextAsync("Ready");
        await Assertions.Expect(tab.Page.Locator("#lamp")).ToHaveClassAsync("lamp good");

        await stack.KillApiAsync(); // which tells nobody before
        await Assertions.Expect(tab.Page.Locator("#lamp")).ToHaveClassAsync("lamp bad");
        await Assertions.Expect(tab.Page.Locator("#verdict")).ToHaveTextAsync("Not known: the service does not answer");
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task Who_is_no_operator_sees_the_page_and_has_no_button()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer, "/status");
        var (stack, tab, _) = office;

        await Assertions.Expect(tab.Page.Locator("#lamp")).ToHaveClassAsync("lamp good");
        await Assertions.Expect(tab.Page.Locator("#drain")).ToHaveCountAsync(0);
        var status = await tab.Page.EvaluateAsync<int>("fetch('/operations/drain', { method: 'POST' }).then(answer => answer.status)");
        Assert.Equal(403, status);
        (await stack.Client.ProcessAsync("Test")).RequireOk();
    }
}
