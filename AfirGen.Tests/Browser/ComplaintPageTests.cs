using AfirGen.Tests.Scenarios;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>What the page of a new complaint does before and after sending.</summary>
public sealed class ComplaintPageTests(Chromium chromium)
{
    [Fact]
    public async Task The_counter_counts_characters_as_they_are_typed_and_too_many_are_not_sent()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        var count = tab.Page.Locator("#text-count");
        await desk.TypeComplaintAsync("");
        await tab.Page.Locator("#text").PressSequentiallyAsync("ab");
        await Assertions.Expect(count).ToHaveTextAsync(Counted("2"));
        await tab.Page.Locator("#text").FillAsync("😀😀😀");
        await Assertions.Expect(count).ToHaveTextAsync(Counted("3"));

        await tab.Page.Locator("#text").FillAsync(new string('क', 50_001));
        await Assertions.Expect(count).ToHaveTextAsync(Counted("50,001"));
        await tab.Page.Locator("#send").ClickAsync();

        await Assertions.Expect(tab.Page.Locator("#problem")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator("#text")).ToBeFocusedAsync();
        await tab.InspectAsync();
        Assert.Equal(0, stack.Stores.JournalCount("sessions"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_recording_can_be_heard_before_it_is_sent_and_is_kept_when_nothing_here_can_write_it_down()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.ChooseFileAsync("audio", "call.wav", "audio/wav", Scenarios.Uploads.Recording);
        await Assertions.Expect(tab.Page.Locator("#audio-preview audio[controls]")).ToBeVisibleAsync();

        await tab.Page.Locator("#send").ClickAsync();
        await desk.ReviewOpensAsync();

        await Assertions.Expect(tab.Page.Locator("#read")).ToBeVisibleAsync();
        await tab.ScreenshotAsync("recording");
        await tab.InspectAsync();
        Assert.Equal(1, stack.Stores.JournalCount("attachments"));
        await tab.Page.Locator("#read").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#said.problem")).ToBeVisibleAsync();
        tab.AssertNoComplaint();
    }

    private static string Counted(string count) => $"{count} of 50,000 characters";
}
