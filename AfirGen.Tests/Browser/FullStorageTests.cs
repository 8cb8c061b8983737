using System.Globalization;
using AfirGen.Tests.Scenarios;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>The browser's storage is full: nothing can be kept, the page says so, and the work goes on.</summary>
public sealed class FullStorageTests(Chromium chromium)
{
    [Fact]
    public async Task A_complaint_is_sent_when_nothing_can_be_kept_and_the_page_says_so_as_long_as_that_is_so()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        var unkept = tab.Page.Locator("#unkept");
        await desk.TypeComplaintAsync("Half");
        await Assertions.Expect(unkept).ToBeHiddenAsync();
        await FillStorageAsync(tab.Page);

        await desk.TypeComplaintAsync(Complaints.Theft);
        await Assertions.Expect(unkept).ToContainTextAsync("Do not leave this page");
        var count = Complaints.Theft.Length.ToString("N0", CultureInfo.InvariantCulture);
        await Assertions.Expect(tab.Page.Locator("#text-count")).ToContainTextAsync($"{count} of");
        await tab.ScreenshotAsync("storage-full");
        await tab.InspectAsync();
        await tab.Page.EvaluateAsync(
            "Object.keys(localStorage).filter((name) => name.startsWith('fill.')).forEach((name) => localStorage.removeItem(name))"
        );
        await tab.Page.Locator("#text").PressSequentiallyAsync(" ");
        await Assertions.Expect(unkept).ToBeHiddenAsync();
        await FillStorageAsync(tab.Page);
        await desk.TypeComplaintAsync($"{Complaints.Theft} {Complaints.Assault}");
        await Assertions.Expect(unkept).ToBeVisibleAsync();

        await desk.SendComplaintAsync();
        Assert.Equal($"{Complaints.Theft} {Complaints.Assault}", await office.OriginalAsync(desk.SessionId));
        Assert.Equal(1, stack.Stores.JournalCount("sessions"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_review_goes_on_when_nothing_can_be_kept_and_what_is_typed_stays_on_the_page()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft);
        await tab.Page.GotoAsync($"/session/{journey.SessionId}");
        await tab.Page.Locator("#review[data-ready]").WaitForAsync();
        await FillStorageAsync(tab.Page);
        var correction = tab.Page.Locator("#correction");
        await tab.Page.Locator("#review summary").ClickAsync();
        await correction.FillAsync("He limps, and his brother saw it.");
        await Assertions.Expect(tab.Page.Locator("#unkept")).ToBeVisibleAsync();

        await tab.Page.Locator("#redraft").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#said.done")).ToBeVisibleAsync();
        await Assertions.Expect(correction).ToHaveValueAsync("He limps, and his brother saw it.");
        await tab.Page.Locator("#send-correction").ClickAsync();
        await Assertions.Expect(correction).ToHaveValueAsync("");
        await Assertions.Expect(tab.Page.Locator("#unkept")).ToBeHiddenAsync();
        await desk.ApproveStepAsync(0);

        Assert.Equal(1, stack.Stores.JournalCount("session_events WHERE kind = 'note_given'"));
        Assert.Equal(1, stack.Stores.JournalCount("session_events WHERE kind = 'step_approved'"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_file_is_sent_when_a_stand_in_for_the_browsers_database_is_full()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await KeepNoFileAsync(tab.Page);

        await desk.ChooseFileAsync("image", "letter.png", "image/png", Scenarios.Uploads.Letter);
        await Assertions.Expect(tab.Page.Locator("#unkept")).ToBeVisibleAsync();
        await desk.SendComplaintAsync();

        Assert.Equal(1, stack.Stores.JournalCount($"attachments WHERE length(bytes) = {Scenarios.Uploads.Letter.Length}"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_file_that_a_stand_in_for_a_full_database_does_not_keep_is_not_replaced_by_the_one_before_it()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.ChooseFileAsync("image", "first.png", "image/png", Scenarios.Uploads.Letter);
        await Assertions.Expect(tab.Page.Locator("#send")).ToBeEnabledAsync();
        await KeepNoFileAsync(tab.Page);
        await desk.ChooseFileAsync("image", "second.png", "image/png", Scenarios.Uploads.Letter);
        await Assertions.Expect(tab.Page.Locator("#unkept")).ToBeVisibleAsync();

        await tab.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.Commit });
        await tab.Page.Locator("#complaint[data-ready]").WaitForAsync();

        await Assertions.Expect(tab.Page.Locator("#problem")).ToHaveTextAsync("The file cannot be read any more. Choose it again.");
        await Assertions.Expect(tab.Page.Locator("#image-preview img")).ToHaveCountAsync(0);
        await tab.Page.Locator("#send").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#problem")).ToBeVisibleAsync();
        Assert.Equal(0, stack.Stores.JournalCount("sessions"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task What_stood_beside_a_complaint_and_could_not_be_kept_stays_on_the_page_after_sending()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await tab.Page.Locator("#complaint[data-ready]").WaitForAsync();
        await FillStorageAsync(tab.Page);
        await desk.TypeComplaintAsync(Complaints.Theft);
        await desk.ChooseFileAsync("image", "letter.png", "image/png", Scenarios.Uploads.Letter);

        await tab.Page.Locator("#send").ClickAsync();

        await Assertions.Expect(tab.Page.Locator("#continue a")).ToHaveCountAsync(1);
        await tab.Page.Locator("#unfinished .take").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#text")).ToHaveValueAsync(Complaints.Theft);
        await desk.SendComplaintAsync();
        Assert.Equal(Complaints.Theft, await office.OriginalAsync(desk.SessionId));
        Assert.Equal(2, stack.Stores.JournalCount("sessions"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task G3_a_text_whose_answer_is_cut_is_one_complaint_though_the_file_beside_it_went_with_a_stand_in_for_a_full_database()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await KeepNoFileAsync(tab.Page);
        await desk.ChooseFileAsync("image", "letter.png", "image/png", Scenarios.Uploads.Letter);
        await Assertions.Expect(tab.Page.Locator("#unkept")).ToBeVisibleAsync();
        await tab.Page.Locator("[name=how][value=text]").CheckAsync();
        await desk.TypeComplaintAsync(Complaints.Theft);
        await Traffic.CarryOutWithoutAnswerAsync(tab.Page, "**/process", () => tab.Page.Locator("#send").ClickAsync());

        await tab.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.Commit });
        await tab.Page.UnrouteAsync("**/process"); // not before: the page that is left would send it again itself
        await desk.ReviewOpensAsync();

        Assert.Equal(Complaints.Theft, await office.OriginalAsync(desk.SessionId));
        Assert.Equal(1, stack.Stores.JournalCount("sessions"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_page_that_could_keep_nothing_stays_when_the_sign_in_has_ended_and_goes_on_once_it_is_made_in_another_tab()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await tab.Page.Locator("#complaint[data-ready]").WaitForAsync();
        await FillStorageAsync(tab.Page);
        await desk.TypeComplaintAsync(Complaints.Theft);
        await tab.Page.Context.ClearCookiesAsync();

        await tab.Page.Locator("#send").ClickAsync();
        await Assertions.Expect(desk.Away).ToContainTextAsync("Sign in with your key in another tab");
        await Assertions.Expect(tab.Page.Locator("#text")).ToHaveValueAsync(Complaints.Theft);
        var beside = await tab.OpenBesideAsync("/firs");
        await Tab.GiveKeyAsync(beside, PageStack.Officer);
        await desk.ReviewOpensAsync();

        Assert.Equal(Complaints.Theft, await office.OriginalAsync(desk.SessionId));
        Assert.Equal(1, stack.Stores.JournalCount("sessions"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_page_that_could_keep_nothing_says_so_when_another_key_signs_in_beside_it_and_waits_for_nothing()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await tab.Page.Locator("#complaint[data-ready]").WaitForAsync();
        await FillStorageAsync(tab.Page);
        await desk.TypeComplaintAsync(Complaints.Theft);
        var beside = await tab.OpenBesideAsync("/sign-in");
        await Tab.GiveKeyAsync(beside, PageStack.Registrar);

        await tab.Page.Locator("#send").ClickAsync();

        await Assertions.Expect(tab.Page.Locator("#problem")).ToContainTextAsync("Another key has signed in here");
        await Assertions.Expect(tab.Page.Locator("#text")).ToHaveValueAsync(Complaints.Theft);
        await Assertions.Expect(tab.Page.Locator("#text")).ToBeEditableAsync();
        Assert.Equal(0, stack.Stores.JournalCount("sessions"));
        tab.AssertNoComplaint();
    }

    private static async Task KeepNoFileAsync(IPage page)
    {
        await page.Locator("#complaint[data-ready]").WaitForAsync();
        await page.EvaluateAsync(
            """
            () => {
              IDBObjectStore.prototype.put = () => {
                throw new DOMException('full', 'QuotaExceededError');
              };
            }
            """
        );
    }

    /// <summary>To the last character, in both storages.</summary>
    private static async Task FillStorageAsync(IPage page) =>
        await page.EvaluateAsync(
            """
            () => {
              for (const storage of [localStorage, sessionStorage]) {
                for (let size = 1 << 20, n = 0; size > 0; ) {
                  try {
                    storage.setItem(`fill.${Object.keys(storage).length}.${n++}`, 'x'.repeat(size));
                  } catch {
                    size >>= 1;
                  }
                }
              }
            }
            """
        );
}
