using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>A service of its own and one person before a screen, signed in.</summary>
internal sealed record Office(TestStack Stack, Tab Tab, ReviewDesk Desk) : IAsyncDisposable
{
    public const string UnknownOutcome =
        "It is not known whether the service has done this. Send the same again, unchanged: it happens once.";

    public static async Task<Office> OpenAsync(Chromium chromium, string key, string path = "/")
    {
        var stack = await PageStack.StartAsync();
        try
        {
            var tab = await Tab.OpenAsync(chromium, stack.Api.Address);
            await tab.SignInAsync(key, path);
            return new(stack, tab, new(tab));
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>A complaint that the test answers 500: the page says that nobody knows whether it arrived.</summary>
    /// <param name="after">Whether it has arrived.</param>
    public async Task SendWithoutOutcomeAsync(bool after = true)
    {
        await Desk.TypeComplaintAsync(Complaints.Theft);
        await Traffic.FailOnceAsync(Tab.Page, "**/process", after);
        await Tab.Page.Locator("#send").ClickAsync();
        await Assertions.Expect(Tab.Page.Locator("#problem")).ToHaveTextAsync(UnknownOutcome);
    }

    /// <summary>Reviewed by others to the end, open on the screen, and not registered.</summary>
    public async Task<Journey> OpenCompletedAsync()
    {
        var journey = await Journey.BeginAsync(Stack.Client, Complaints.Theft, "final_review");
        await journey.CompleteAsync();
        await OpenAsync(Tab.Page, journey);
        return journey;
    }

    public static async Task OpenAsync(IPage page, Journey journey)
    {
        await page.GotoAsync($"/session/{journey.SessionId}");
        await page.Locator("#review[data-ready]").WaitForAsync();
    }

    /// <summary>The complaint as the service has it.</summary>
    public async Task<string> OriginalAsync(string session) =>
        (await Stack.Client.StatusAsync(session)).RequireOk().Json["content"]!["original_text"]!.GetValue<string>();

    public async ValueTask DisposeAsync()
    {
        await Tab.DisposeAsync();
        await Stack.DisposeAsync();
    }
}
