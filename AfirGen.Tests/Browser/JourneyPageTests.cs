using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>The officer's whole job in a real browser.</summary>
public sealed class JourneyPageTests(Chromium chromium)
{
    private const int WideScreen = 1600;

    [Theory]
    [InlineData("en-IN", 1280, ColorScheme.Light, "Approve this step")]
    [InlineData("hi-IN", 360, ColorScheme.Dark, "यह चरण स्वीकृत करें")]
    [InlineData("en-IN", 1920, ColorScheme.Dark, "Approve this step")]
    public async Task An_officer_takes_a_complaint_from_the_first_word_to_the_receipt(
        string locale,
        int width,
        ColorScheme scheme,
        string approve
    )
    {
        await using var stack = await PageStack.StartAsync();
        await using var tab = await Tab.OpenAsync(chromium, stack.Api.Address, locale, width, scheme: scheme);
        var desk = new ReviewDesk(tab);
        var prefix = $"{locale[..2]}-{width}";
        await tab.Page.GotoAsync("/");
        await SeenAsync(tab, $"{prefix}-0-sign-in");
        await tab.SignInAsync(PageStack.Registrar);

        await desk.TypeComplaintAsync(Complaints.Theft);
        await Assertions.Expect(tab.Page.Locator("#text-count")).ToContainTextAsync("50,000");
        await SeenAsync(tab, $"{prefix}-1-complaint");
        await desk.SendComplaintAsync();
        for (var step = 0; step < Journey.Steps.Length; step++)
        {
            await Assertions.Expect(desk.Approve).ToHaveTextAsync(approve);
            await SeenAsync(tab, $"{prefix}-{step + 2}-{Journey.Steps[step]}");
            if (Journey.Steps[step] == "final_review")
            {
                await tab.Page.Locator("#field-gd_entry").FillAsync("GD 14");
                await desk.SaveFieldsAsync();
                await Assertions.Expect(tab.Page.Locator("#field-gd_entry")).ToHaveValueAsync("GD 14");
                await desk.FillMissingAsync();
            }

            await desk.ApproveStepAsync(step);
        }

        await SeenAsync(tab, $"{prefix}-7-registration");
        await desk.TypeKeyAndRegisterAsync();
        var official = await desk.OfficialNumberAsync();
        await SeenAsync(tab, $"{prefix}-8-receipt");
        Assert.Matches(@"^KTW/\d{4}/0001$", official);

        await tab.Page.GotoAsync($"/firs?number={Uri.EscapeDataString(official)}");
        await Assertions.Expect(tab.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await SeenAsync(tab, $"{prefix}-9-list");
        await tab.Page.Locator("tbody a").First.ClickAsync();
        await Assertions.Expect(tab.Page.Locator("h1")).ToHaveTextAsync(official);
        await SeenAsync(tab, $"{prefix}-10-fir");
        await tab.Page.Locator("a.primary").ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".sheet footer")).ToContainTextAsync(official);
        await SeenAsync(tab, $"{prefix}-11-print");
        tab.AssertNoComplaint();
    }

    /// <summary>Elements and colours are those of the narrower screens; only the width is another on the widest.</summary>
    private static async Task SeenAsync(Tab tab, string name)
    {
        await tab.ScreenshotAsync(name);
        await (tab.Page.ViewportSize!.Width > WideScreen ? tab.MeasureAsync() : tab.InspectAsync());
    }
}
