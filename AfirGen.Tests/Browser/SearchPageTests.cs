using System.Globalization;
using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>Finding FIRs again.</summary>
public sealed class SearchPageTests(Chromium chromium)
{
    [Fact]
    public async Task FIRs_are_found_by_number_date_and_status()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer, "/firs");
        var (stack, tab, _) = office;
        await Assertions.Expect(tab.Page.Locator("[role=status].card")).ToBeVisibleAsync();
        await Journeys.RegisterAsync(stack.Client);
        await stack.Client.ProcessAsync(Complaints.Assault);
        await stack.DeliveredAsync();

        await FindsAsync(tab.Page, 2, ("#from", Day(1)));
        await FindsAsync(tab.Page, 0, ("#to", Day(2)));
        await FindsAsync(tab.Page, 1, ("#from", Day(1)), ("#to", Day(-1)), ("#status", "finalized"));
        await FindsAsync(tab.Page, 1, ("#status", "draft"));
        await FindsAsync(tab.Page, 0, ("#status", "pending"));
        await FindsAsync(tab.Page, 1, ("#number", "/0001"));
        await FindsAsync(tab.Page, 0, ("#from", Day(1)), ("#to", Day(2)));
        await Assertions.Expect(tab.Page.Locator("#backwards")).ToBeVisibleAsync();
        await tab.InspectAsync();
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_number_that_no_FIR_can_have_finds_nothing()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer, "/firs");
        var (stack, tab, _) = office;
        await stack.Client.ProcessAsync(Complaints.Assault);
        await stack.DeliveredAsync();

        await tab.Page.GotoAsync("/firs?number=%00");

        await Assertions.Expect(tab.Page.Locator("[role=status].card")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator("tbody tr")).ToHaveCountAsync(0);
    }

    private static string Day(int ago) => Journey.DaysAgo(ago).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static async Task FindsAsync(IPage page, int count, params (string Field, string Value)[] wanted)
    {
        await page.GotoAsync("/firs");
        foreach (var (field, value) in wanted)
        {
            await (field == "#status" ? page.SelectOptionAsync(field, value) : page.FillAsync(field, value));
        }

        await page.Locator(".search button").ClickAsync();
        await Tab.ArrivesAsync(page, "/firs?number=");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(count);
    }
}
