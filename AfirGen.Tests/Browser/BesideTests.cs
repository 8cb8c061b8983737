using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>One complaint is sent at a time. What was typed or chosen beside it, and not sent, stays a draft of its own.</summary>
public sealed class BesideTests(Chromium chromium)
{
    private const string Beside = "A long story that the officer typed beside the letter";

    [Fact]
    public async Task Text_that_was_typed_beside_a_file_is_offered_when_the_file_was_sent()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Beside);
        await ChooseLetterAsync(tab, desk);
        await desk.SendComplaintAsync();

        await tab.Page.GotoAsync("/");
        await tab.Page.Locator("#complaint[data-ready]").WaitForAsync();
        await Assertions.Expect(tab.Page.Locator("#text")).ToHaveValueAsync("");
        await Assertions.Expect(tab.Page.Locator("#unfinished li")).ToContainTextAsync(Beside);
        Assert.Equal(1, stack.Stores.JournalCount("sessions"));
        await tab.Page.Locator("#unfinished .take").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#text")).ToHaveValueAsync(Beside);
        await desk.SendComplaintAsync();

        Assert.Equal(Beside, await office.OriginalAsync(desk.SessionId));
        Assert.Equal(2, stack.Stores.JournalCount("sessions"));
        Assert.Equal(1, stack.Stores.JournalCount("attachments"));
        await AssertNothingIsLeftAsync(tab);
    }

    [Fact]
    public async Task A_file_that_was_chosen_beside_a_text_is_offered_when_the_text_was_sent()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await ChooseLetterAsync(tab, desk);
        await tab.Page.Locator("[name=how][value=text]").CheckAsync();
        await desk.TypeComplaintAsync(Beside);
        await desk.SendComplaintAsync();
        Assert.Equal(Beside, await office.OriginalAsync(desk.SessionId));
        Assert.Equal(0, stack.Stores.JournalCount("attachments"));

        await tab.ReopenAsync("/");
        await Assertions.Expect(tab.Page.Locator("#unfinished li")).ToContainTextAsync("letter.png");
        await tab.Page.Locator("#unfinished .take").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#image-preview img")).ToBeVisibleAsync();
        await desk.SendComplaintAsync();

        Assert.Equal(1, stack.Stores.JournalCount("attachments"));
        Assert.Equal(2, stack.Stores.JournalCount("sessions"));
        await AssertNothingIsLeftAsync(tab);
    }

    [Fact]
    public async Task G3_what_stood_beside_a_file_that_another_tab_has_finished_is_offered_there()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Beside);
        await ChooseLetterAsync(tab, desk);
        var other = await tab.OpenBesideAsync("/");
        await other.Locator("#complaint[data-ready]").WaitForAsync();
        await other.Locator("#text").FillAsync("Another complaint");
        await Traffic.CarryOutWithoutAnswerAsync(tab.Page, "**/process", () => tab.Page.Locator("#send").ClickAsync());

        await tab.Page.CloseAsync();

        await other.Locator("#continue a").WaitForAsync();
        await Assertions.Expect(other.Locator("#unfinished li")).ToContainTextAsync(Beside);
        await Assertions.Expect(other.Locator("#text")).ToHaveValueAsync("Another complaint");
        Assert.Equal(1, stack.Stores.JournalCount("sessions"));
        Assert.Equal(1, stack.Stores.JournalCount("attachments"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task The_name_of_a_file_that_would_turn_the_line_around_is_shown_as_it_is()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (_, tab, desk) = office;

        await desk.ChooseFileAsync("image", "letter\u202Egnp.png", "image/png", Scenarios.Uploads.Letter);

        await Assertions.Expect(tab.Page.Locator("#image-preview p")).ToContainTextAsync("letter[U+202E]gnp.png");
        tab.AssertNoComplaint();
    }

    private static async Task ChooseLetterAsync(Tab tab, ReviewDesk desk)
    {
        await desk.ChooseFileAsync("image", "letter.png", "image/png", Scenarios.Uploads.Letter);
        await Assertions.Expect(tab.Page.Locator("#image-preview img")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator("#send")).ToBeEnabledAsync();
    }

    private static async Task AssertNothingIsLeftAsync(Tab tab)
    {
        Assert.Equal(0, await tab.Page.EvaluateAsync<int>("Object.keys(localStorage).filter((name) => name.includes('.draft.')).length"));
        tab.AssertNoComplaint();
    }
}
