using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>What an officer does with the pages, in the words of the job.</summary>
internal sealed class ReviewDesk(Tab tab)
{
    private IPage Page => tab.Page;

    public ILocator Approve => Page.Locator("#approve");

    public ILocator Away => Page.Locator("#away");

    public string SessionId => new Uri(Page.Url).Segments[^1];

    public async Task TypeComplaintAsync(string text)
    {
        await Page.Locator("#complaint[data-ready]").WaitForAsync();
        await Page.Locator("#text").FillAsync(text);
    }

    /// <summary>Brings a file instead of a text.</summary>
    /// <param name="kind"><c>image</c> or <c>audio</c>.</param>
    public async Task ChooseFileAsync(string kind, string name, string contentType, byte[] bytes)
    {
        await HowAsync(kind);
        var file = new FilePayload
        {
            Name = name,
            MimeType = contentType,
            Buffer = bytes,
        };
        await Page.Locator($"#{kind}").SetInputFilesAsync(file);
    }

    /// <summary>Brings a file of this machine, and waits until it can be sent.</summary>
    public async Task ChooseFileAsync(string kind, string path)
    {
        await HowAsync(kind);
        await Page.Locator($"#{kind}").SetInputFilesAsync(path);
        await Assertions.Expect(Page.Locator($"#{kind}-preview p")).ToContainTextAsync(Path.GetFileName(path));
        await Assertions.Expect(Page.Locator("#send")).ToBeEnabledAsync();
    }

    private async Task HowAsync(string kind)
    {
        await Page.Locator("#complaint[data-ready]").WaitForAsync();
        await Page.Locator($"[name=how][value={kind}]").CheckAsync();
    }

    public async Task SendComplaintAsync()
    {
        await Page.Locator("#send").ClickAsync();
        await ReviewOpensAsync();
    }

    public async Task ReviewOpensAsync()
    {
        await Tab.ArrivesAsync(Page, "/session/");
        await Page.Locator("#review[data-ready]").WaitForAsync();
    }

    /// <summary>Waits until <paramref name="count"/> steps are approved on screen.</summary>
    public Task ApprovedAsync(int count) => Assertions.Expect(Page.Locator(".stepper .past")).ToHaveCountAsync(count);

    public async Task ApproveStepAsync(int step)
    {
        await Approve.ClickAsync();
        await ApprovedAsync(step + 1);
    }

    /// <summary>Decides all five steps; before the last, what the complaint did not say is filled in.</summary>
    public async Task ReviewAsync(Func<Task> approve)
    {
        for (var step = 0; step < Journey.Steps.Length; step++)
        {
            if (Journey.Steps[step] == "final_review")
            {
                await FillMissingAsync();
            }

            await approve();
            await ApprovedAsync(step + 1);
        }
    }

    /// <summary>Fills in what the complaint did not say, as the form marks it.</summary>
    public async Task FillMissingAsync()
    {
        var needed = Page.Locator(".field:has(.flag.needed) :is(input, textarea)");
        var count = await needed.CountAsync();
        for (var i = 0; i < count; i++)
        {
            await needed.Nth(i).FillAsync("as told by the complainant");
        }

        if (count > 0)
        {
            await SaveFieldsAsync();
        }
    }

    public async Task SaveFieldsAsync()
    {
        await Page.Locator("#save-fields").ClickAsync();
        await Assertions.Expect(Page.Locator(".save-bar")).ToBeHiddenAsync();
        await Assertions.Expect(Page.Locator("#said")).ToBeVisibleAsync();
    }

    public async Task TypeKeyAndRegisterAsync()
    {
        await Page.Locator("#auth-key").FillAsync(TestStack.AuthKey);
        await Page.Locator("#register").ClickAsync();
    }

    /// <returns>The official number.</returns>
    public async Task<string> OfficialNumberAsync()
    {
        await Page.Locator("#official").WaitForAsync();
        return await Page.Locator("#official").InnerTextAsync();
    }
}
