using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>What the page of a new complaint does before and after sending.</summary>
public sealed class ComplaintPageTests(Chromium chromium)
{
    private const string Unreadable = "The file cannot be read any more. Choose it again.";

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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_gone_or_another_one_when_it_is_sent_is_sent_as_it_was_chosen(bool gone)
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        using var stick = new TemporaryFolder();
        var path = stick.File("letter.png");
        var letter = Scenarios.Uploads.Letter;
        await File.WriteAllBytesAsync(path, letter, TestContext.Current.CancellationToken);
        await desk.ChooseFileAsync("image", path);

        if (gone)
        {
            File.Delete(path);
        }
        else
        {
            await File.WriteAllBytesAsync(path, [.. letter, 1], TestContext.Current.CancellationToken);
        }

        await desk.SendComplaintAsync();
        Assert.Equal(1, stack.Stores.JournalCount($"attachments WHERE length(bytes) = {letter.Length}"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_file_that_a_stand_in_for_the_disk_cannot_read_is_named_so_and_the_form_stays_open()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        var problem = tab.Page.Locator("#problem");
        await desk.ChooseFileAsync("image", "letter.png", "image/png", Scenarios.Uploads.Letter);
        await Assertions.Expect(tab.Page.Locator("#image-preview img")).ToBeVisibleAsync();
        await tab.Page.EvaluateAsync(
            """
            () => {
              window.read = Blob.prototype.arrayBuffer;
              Blob.prototype.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
            }
            """
        );

        await tab.Page.Locator("#send").ClickAsync();
        await Assertions.Expect(problem).ToHaveTextAsync(Unreadable);
        await Assertions.Expect(tab.Page.Locator("#send")).ToBeEnabledAsync();
        await Assertions.Expect(tab.Page.Locator("[name=how][value=text]")).ToBeEnabledAsync();
        await Assertions.Expect(desk.Away).ToBeHiddenAsync();
        await desk.ChooseFileAsync("image", "another.png", "image/png", Scenarios.Uploads.Letter);
        await Assertions.Expect(problem).ToHaveTextAsync(Unreadable);
        await Assertions.Expect(tab.Page.Locator("#image-preview img")).ToHaveCountAsync(0);
        await tab.Page.EvaluateAsync("() => { Blob.prototype.arrayBuffer = window.read; }");
        await desk.ChooseFileAsync("image", "letter.png", "image/png", Scenarios.Uploads.Letter);
        await Assertions.Expect(problem).ToBeHiddenAsync();
        await desk.SendComplaintAsync();

        Assert.Equal(1, stack.Stores.JournalCount("attachments"));
        tab.AssertNoComplaint();
    }

    private static string Counted(string count) => $"{count} of 50,000 characters";
}
