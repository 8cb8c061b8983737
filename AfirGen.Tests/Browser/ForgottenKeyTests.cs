using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>
/// The service knows a key for two days. What may have arrived before that is not sent again by itself: with a key that is known no more it
/// would be a second complaint. The page's clock is moved by hand.
/// </summary>
public sealed class ForgottenKeyTests(Chromium chromium)
{
    private const string Warning =
        "This complaint was on its way a long time ago and may have arrived. Look in the list of FIRs first. If you send it now, it is a new complaint.";

    [Fact]
    public async Task G3_a_complaint_that_was_on_its_way_for_longer_than_its_key_is_known_is_sent_by_hand_only_and_after_a_warning()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await Traffic.CarryOutWithoutAnswerAsync(tab.Page, "**/process", () => tab.Page.Locator("#send").ClickAsync());

        await MoveClockAsync(tab, hours: 48);
        await tab.ReopenAsync("/");

        await Assertions.Expect(tab.Page.Locator("#unfinished li")).ToHaveCountAsync(1);
        await Assertions.Expect(tab.Page.Locator("#problem")).ToHaveTextAsync(Warning);
        await tab.Page.Locator("#unfinished .take").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#text")).ToHaveValueAsync(Complaints.Theft);
        await Assertions.Expect(tab.Page.Locator("#problem")).ToBeHiddenAsync();
        await tab.Page.Locator("#send").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#problem")).ToHaveTextAsync(Warning);
        Assert.Equal(1, stack.Stores.JournalCount("sessions"));

        await desk.SendComplaintAsync();
        Assert.Equal(2, stack.Stores.JournalCount("sessions"));
        Assert.Equal(0, await tab.Page.EvaluateAsync<int>("Object.keys(localStorage).filter((name) => name.includes('.draft.')).length"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task G3_a_complaint_that_was_on_its_way_is_finished_by_itself_as_long_as_its_key_is_known()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await Traffic.CarryOutWithoutAnswerAsync(tab.Page, "**/process", () => tab.Page.Locator("#send").ClickAsync());

        await MoveClockAsync(tab, hours: 46);
        await tab.ReopenAsync("/");
        await desk.ReviewOpensAsync();

        Assert.Equal(1, stack.Stores.JournalCount("sessions"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task G3_a_page_that_slept_for_longer_than_the_key_is_known_asks_before_it_sends_again()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await Traffic.MeanwhileAsync(
            tab.Page,
            "**/process",
            () => tab.Page.Locator("#send").ClickAsync(),
            () => MoveClockAsync(tab, hours: 48),
            loseAnswer: true
        );

        await Assertions.Expect(tab.Page.Locator("#problem")).ToHaveTextAsync(Warning);
        await Assertions.Expect(desk.Away).ToBeHiddenAsync();
        await tab.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.Commit });
        await tab.Page.Locator("#complaint[data-ready]").WaitForAsync();
        await Assertions.Expect(tab.Page.Locator("#text")).ToHaveValueAsync(Complaints.Theft);
        await tab.Page.Locator("#send").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#problem")).ToHaveTextAsync(Warning);
        Assert.Equal(1, stack.Stores.JournalCount("sessions"));
        tab.AssertNoComplaint();
    }

    private static Task MoveClockAsync(Tab tab, int hours) => tab.Page.Clock.SetFixedTimeAsync(DateTime.UtcNow.AddHours(hours));
}
