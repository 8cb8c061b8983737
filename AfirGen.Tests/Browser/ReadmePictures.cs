using System.Text.RegularExpressions;
using AfirGen.Tests.Deploy;
using AfirGen.Tests.Stack;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>Makes the pictures of the README: eng/pictures.sh.</summary>
public sealed partial class ReadmePictures(Chromium chromium)
{
    [Fact(Explicit = true)]
    public async Task The_pictures_of_the_README_are_made_anew()
    {
        await using var stack = await PageStack.StartAsync();
        await Journeys.RegisterAsync(stack.Client);
        await using var tab = await Tab.OpenAsync(chromium, stack.Api.Address, width: 1100, height: 720);
        var desk = new ReviewDesk(tab);
        await tab.SignInAsync(PageStack.Registrar);
        await desk.TypeComplaintAsync(Complaints.Theft);
        await desk.SendComplaintAsync();
        await desk.ApproveStepAsync(0);
        await desk.ApproveStepAsync(1);
        await tab.Page.EvaluateAsync("scrollTo(0, 0)");
        await TakeAsync(tab, "officer");

        await using var screen = await Tab.OpenAsync(chromium, stack.Api.Address, width: 1100, height: 720, scheme: ColorScheme.Dark);
        await screen.SignInAsync(PageStack.Operator, "/status");
        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => stack.Client.ProcessAsync(Complaints.Assault)));
        await Assertions.Expect(screen.Page.Locator("#throughput")).ToHaveTextAsync(Busy());
        await TakeAsync(screen, "operator");
    }

    [GeneratedRegex("^[1-9]")]
    private static partial Regex Busy();

    private static async Task TakeAsync(Tab tab, string name) =>
        await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "docs", $"{name}.png") });
}
