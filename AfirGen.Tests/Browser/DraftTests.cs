using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>Complaints that are written and not acknowledged yet: each is its own, none is lost, none is sent twice or by itself.</summary>
public sealed class DraftTests(Chromium chromium)
{
    private const string Half = "A half-written complaint that nobody has sent";

    [Fact]
    public async Task G3_two_tabs_have_a_draft_each_and_each_sends_what_stands_in_it()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        var beside = await tab.OpenBesideAsync("/");
        await beside.Locator("#complaint[data-ready]").WaitForAsync();
        await Assertions.Expect(beside.Locator("#text")).ToHaveValueAsync("");
        await beside.Locator("#text").FillAsync(Half);

        await desk.SendComplaintAsync();
        await beside.ReloadAsync(new() { WaitUntil = WaitUntilState.Commit });
        await beside.Locator("#complaint[data-ready]").WaitForAsync();

        await Assertions.Expect(beside.Locator("#text")).ToHaveValueAsync(Half);
        await Assertions.Expect(beside.Locator("#send")).ToBeEnabledAsync();
        Assert.Equal(Complaints.Theft, await office.OriginalAsync(desk.SessionId));
        Assert.Equal(1, stack.Stores.JournalCount("sessions"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task G3_what_a_closed_tab_was_sending_is_finished_by_one_that_is_open_and_whose_own_draft_stays()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        var beside = await tab.OpenBesideAsync("/");
        await beside.Locator("#complaint[data-ready]").WaitForAsync();
        await beside.Locator("#text").FillAsync(Half);
        await Traffic.CarryOutWithoutAnswerAsync(tab.Page, "**/process", () => tab.Page.Locator("#send").ClickAsync());

        await tab.Page.CloseAsync();

        var begun = beside.Locator("#continue a");
        await begun.WaitForAsync();
        await Assertions.Expect(beside.Locator("#text")).ToHaveValueAsync(Half);
        Assert.Equal(Complaints.Theft, await office.OriginalAsync((await begun.GetAttributeAsync("href"))!.Split('/')[^1]));
        Assert.Equal(1, stack.Stores.JournalCount("sessions"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_draft_of_a_tab_that_was_closed_is_offered_in_the_next_and_never_sent_by_itself()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Half);
        await tab.ReopenAsync("/");
        await desk.TypeComplaintAsync("Another one");
        await Assertions.Expect(tab.Page.Locator("#unfinished li")).ToContainTextAsync(Half);
        await tab.ScreenshotAsync("unfinished");
        await tab.InspectAsync();

        await tab.Page.Locator("#unfinished .take").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#text")).ToHaveValueAsync(Half);
        await Assertions.Expect(tab.Page.Locator("#unfinished li")).ToContainTextAsync("Another one");
        await tab.Page.Locator("#unfinished .drop").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#unfinished")).ToBeHiddenAsync();

        Assert.Equal(0, stack.Stores.JournalCount("sessions"));
        await desk.SendComplaintAsync();
        Assert.Equal(Half, await office.OriginalAsync(desk.SessionId));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task G3_a_complaint_whose_draft_was_cleared_away_is_sent_again_with_the_key_that_it_was_sent_with()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await tab.Page.EvaluateAsync("localStorage.clear()");

        await Traffic.CarryOutWithoutAnswerAsync(tab.Page, "**/process", () => tab.Page.Locator("#send").ClickAsync());
        await tab.ReopenAsync("/");
        await desk.ReviewOpensAsync();

        Assert.Equal(1, stack.Stores.JournalCount("sessions"));
        Assert.Equal(Complaints.Theft, await office.OriginalAsync(desk.SessionId));
    }

    [Theory]
    [InlineData(".drop", "", 2)]
    [InlineData(".take", "Third", 2)]
    public async Task A_double_click_on_a_draft_is_about_that_draft_alone(string button, string shown, int left)
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (_, tab, desk) = office;
        foreach (var draft in (string[])["First", "Second", "Third"])
        {
            await desk.TypeComplaintAsync(draft);
            await tab.ReopenAsync("/");
        }

        await Assertions.Expect(tab.Page.Locator("#unfinished li")).ToHaveCountAsync(3);
        await Assertions.Expect(tab.Page.Locator("#unfinished li").First).ToContainTextAsync("Third");
        var place = (await tab.Page.Locator($"#unfinished {button}").First.BoundingBoxAsync())!;
        await tab.Page.Mouse.ClickAsync(place.X + place.Width / 2, place.Y + place.Height / 2);
        await Assertions.Expect(tab.Page.Locator("#unfinished li")).ToHaveCountAsync(left); // the next one is there when the finger comes down again
        await tab.Page.Mouse.DownAsync(new() { ClickCount = 2 });
        await tab.Page.Mouse.UpAsync(new() { ClickCount = 2 });
        await tab.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.Commit });
        await tab.Page.Locator("#complaint[data-ready]").WaitForAsync();

        await Assertions.Expect(tab.Page.Locator("#text")).ToHaveValueAsync(shown);
        await Assertions.Expect(tab.Page.Locator("#unfinished li")).ToHaveCountAsync(left);
        await Assertions.Expect(tab.Page.Locator("#unfinished")).ToContainTextAsync("First");
        await Assertions.Expect(tab.Page.Locator("#unfinished")).ToContainTextAsync("Second");
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task G3_a_file_can_be_sent_only_when_it_is_kept_and_is_no_draft_afterwards()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await tab.Page.Locator("#complaint[data-ready]").WaitForAsync();
        await tab.Page.EvaluateAsync(
            """
            () => {
              window.held = new Promise((resolve) => (window.letGo = resolve));
              const open = IDBFactory.prototype.open;
              IDBFactory.prototype.open = function (...given) {
                const request = open.apply(this, given);
                const later = (listener) => request.addEventListener('success', (event) => window.held.then(() => listener(event)));
                Object.defineProperty(request, 'onsuccess', { set: later });
                return request;
              };
            }
            """
        );
        await desk.ChooseFileAsync("image", "letter.png", "image/png", Scenarios.Uploads.Letter);
        await Assertions.Expect(tab.Page.Locator("#image-preview img")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator("#send")).ToBeDisabledAsync();
        await tab.Page.EvaluateAsync("letGo()");
        await Assertions.Expect(tab.Page.Locator("#send")).ToBeEnabledAsync();
        await desk.SendComplaintAsync();

        await tab.ReopenAsync("/");
        await tab.Page.Locator("#complaint[data-ready]").WaitForAsync();
        await Assertions.Expect(tab.Page.Locator("#continue li")).ToHaveCountAsync(1);
        await Assertions.Expect(tab.Page.Locator("#unfinished")).ToBeHiddenAsync();
        Assert.Equal(0, await tab.Page.EvaluateAsync<int>("Object.keys(localStorage).filter((name) => name.includes('.draft.')).length"));
        Assert.Equal(1, stack.Stores.JournalCount("attachments"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task G3_who_goes_back_after_sending_finds_an_empty_form()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await desk.SendComplaintAsync();

        await tab.Page.GoBackAsync(new() { WaitUntil = WaitUntilState.Commit });
        await tab.Page.Locator("#complaint[data-ready]").WaitForAsync();

        await Assertions.Expect(tab.Page.Locator("#text")).ToHaveValueAsync("");
        await tab.Page.Locator("#send").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#problem")).ToBeVisibleAsync();
        Assert.Equal(1, stack.Stores.JournalCount("sessions"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task G3_a_stand_in_for_a_page_that_was_frozen_after_sending_and_is_shown_again_has_an_empty_form()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await tab.Page.RouteAsync("**/session/*", route => route.AbortAsync("aborted")); // so the page stays as it was left

        await tab.Page.Locator("#send").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#text")).ToHaveValueAsync("");
        await Assertions.Expect(tab.Page.Locator("#send")).ToBeDisabledAsync();
        await tab.Page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");

        await Assertions.Expect(tab.Page.Locator("#send")).ToBeEnabledAsync();
        await Assertions.Expect(tab.Page.Locator("#text")).ToHaveValueAsync("");
        Assert.Equal(1, stack.Stores.JournalCount("sessions"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task What_is_typed_before_the_script_has_come_is_kept_and_so_is_the_draft()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (_, tab, desk) = office;
        await desk.TypeComplaintAsync(Half);
        var typed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await tab.Page.RouteAsync(
            "**/assets/complaint.js",
            async route =>
            {
                await typed.Task;
                await route.ContinueAsync();
            }
        );

        await tab.Page.GotoAsync("/firs");
        await tab.Page.GotoAsync("/", new() { WaitUntil = WaitUntilState.Commit });
        await tab.Page.Locator("#text").FillAsync("Typed at once");
        await Assertions.Expect(tab.Page.Locator("#send")).ToBeDisabledAsync();
        typed.SetResult();
        await tab.Page.Locator("#complaint[data-ready]").WaitForAsync();

        await Assertions.Expect(tab.Page.Locator("#text")).ToHaveValueAsync("Typed at once");
        await Assertions.Expect(tab.Page.Locator("#unfinished li")).ToContainTextAsync(Half);
        tab.AssertNoComplaint();
    }
}
