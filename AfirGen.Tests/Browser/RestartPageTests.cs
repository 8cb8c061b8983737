using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>The service is killed under the officer's hands: nothing typed is lost, nothing decided happens twice.</summary>
public sealed class RestartPageTests(Chromium chromium)
{
    [Fact]
    public async Task G3_the_service_is_killed_after_every_decision_before_it_answers_and_there_is_one_FIR_in_the_end()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Registrar);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);

        await KillBeforeTheAnswerAsync(stack, tab, desk, "**/process", () => tab.Page.Locator("#send").ClickAsync());
        await desk.ReviewOpensAsync();
        await desk.ReviewAsync(() => KillBeforeTheAnswerAsync(stack, tab, desk, "**/validate", () => desk.Approve.ClickAsync()));

        await KillBeforeTheAnswerAsync(stack, tab, desk, "**/authenticate", desk.TypeKeyAndRegisterAsync);
        Assert.EndsWith("/0001", await desk.OfficialNumberAsync(), StringComparison.Ordinal);
        await AssertOneFirAsync(stack);
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task G3_the_tab_is_closed_and_the_service_killed_while_each_decision_is_on_its_way()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Registrar);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);

        await CloseAndComeBackAsync(stack, tab, desk, () => tab.Page.Locator("#send").ClickAsync(), "/");
        await desk.ReviewOpensAsync();
        var path = $"/session/{desk.SessionId}";
        await desk.ReviewAsync(() => CloseAndComeBackAsync(stack, tab, desk, () => desk.Approve.ClickAsync(), path));

        await Traffic.CarryOutWithoutAnswerAsync(tab.Page, "**/authenticate", desk.TypeKeyAndRegisterAsync);
        await tab.ReopenAsync(path);
        Assert.EndsWith("/0001", await desk.OfficialNumberAsync(), StringComparison.Ordinal);
        await AssertOneFirAsync(stack);
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task G3_an_answer_that_is_lost_on_its_way_is_asked_for_again_with_the_same_key()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Registrar);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await LoseFirstAnswerAsync(tab.Page, "**/process");
        await LoseFirstAnswerAsync(tab.Page, "**/validate");
        await LoseFirstAnswerAsync(tab.Page, "**/authenticate");

        await desk.SendComplaintAsync();
        await desk.ReviewAsync(() => desk.Approve.ClickAsync());

        await desk.TypeKeyAndRegisterAsync();
        Assert.EndsWith("/0001", await desk.OfficialNumberAsync(), StringComparison.Ordinal);
        await AssertOneFirAsync(stack);
    }

    [Fact]
    public async Task G3_a_double_click_on_Approve_approves_one_step_however_fast_the_answer_is()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await desk.SendComplaintAsync();

        var sent = 0; // the service would refuse a second one as stale: the page must not send it
        tab.Page.Request += (_, request) => sent += request.Url.EndsWith("/validate", StringComparison.Ordinal) ? 1 : 0;

        await tab.Page.EvaluateAsync("const b = document.querySelector('#approve'); b.click(); b.click()");
        await desk.ApprovedAsync(1);
        await desk.Approve.DblClickAsync();
        await desk.ApprovedAsync(2);
        await Assertions.Expect(tab.Page.Locator("#review[aria-busy=false]")).ToBeVisibleAsync();
        await desk.Approve.HoverAsync(); // the next step is there already when the finger comes down again
        await tab.Page.Mouse.DownAsync(new() { ClickCount = 2 });
        await tab.Page.Mouse.UpAsync(new() { ClickCount = 2 });
        await desk.ApproveStepAsync(2);

        await Assertions.Expect(tab.Page.Locator("#said.done")).ToBeVisibleAsync();
        Assert.Equal(3, sent);
        Assert.Equal(3, stack.Stores.JournalCount("session_events WHERE kind = 'step_approved'"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task What_is_typed_while_the_service_is_away_is_there_after_the_page_is_loaded_again()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await desk.SendComplaintAsync();
        await tab.Page.GotoAsync("/");
        await desk.TypeComplaintAsync("अधूरी शिकायत, ");
        var session = await tab.Page.Locator("#continue a").First.GetAttributeAsync("href");

        await stack.KillApiAsync();
        await tab.Page.Locator("#text").PressSequentiallyAsync("and more of it.");
        await stack.StartApiAsync();
        await tab.ReopenAsync("/");
        await tab.Page.Locator("#unfinished .take").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#text")).ToHaveValueAsync("अधूरी शिकायत, and more of it.");

        await tab.Page.GotoAsync(session!);
        await tab.Page.Locator("#review[data-ready] summary").ClickAsync();
        await stack.KillApiAsync();
        await tab.Page.Locator("#correction").FillAsync("The witness is his brother.");
        await stack.StartApiAsync();
        await tab.ReopenAsync(session!);
        await Assertions.Expect(tab.Page.Locator("#correction")).ToHaveValueAsync("The witness is his brother.");

        var other = await Journey.BeginAsync(stack.Client, Complaints.Assault, "final_review");
        await tab.Page.GotoAsync($"/session/{other.SessionId}");
        await tab.Page.Locator("#review[data-ready]").WaitForAsync();
        await stack.KillApiAsync();
        await tab.Page.Locator("#field-gd_entry").FillAsync("GD 14");
        await stack.StartApiAsync();
        await tab.ReopenAsync($"/session/{other.SessionId}");
        await Assertions.Expect(tab.Page.Locator("#field-gd_entry")).ToHaveValueAsync("GD 14");
        await Assertions.Expect(tab.Page.Locator("#save-fields")).ToBeVisibleAsync();
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task An_upload_that_was_chosen_is_kept_until_it_is_acknowledged()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.ChooseFileAsync("image", "letter.png", "image/png", Scenarios.Uploads.Letter);
        await Assertions.Expect(tab.Page.Locator("#image-preview img")).ToBeVisibleAsync();
        await tab.ScreenshotAsync("upload");
        await tab.InspectAsync();

        await CloseAndComeBackAsync(stack, tab, desk, () => tab.Page.Locator("#send").ClickAsync(), "/");
        await desk.ReviewOpensAsync();

        await Assertions.Expect(tab.Page.Locator(".prose").First).Not.ToBeEmptyAsync();
        Assert.Equal(1, stack.Stores.JournalCount("attachments"));
        tab.AssertNoComplaint();
    }

    /// <summary>The decision is carried out and the service killed before the page has the answer; the page says that it is away, and asks again.</summary>
    private static async Task KillBeforeTheAnswerAsync(TestStack stack, Tab tab, ReviewDesk desk, string path, Func<Task> decide)
    {
        await LoseFirstAnswerAsync(tab.Page, path, stack.KillApiAsync);
        await decide();
        await Assertions.Expect(desk.Away).ToBeVisibleAsync();
        await stack.StartApiAsync();
        await Assertions.Expect(desk.Away).ToBeHiddenAsync();
    }

    private static async Task CloseAndComeBackAsync(TestStack stack, Tab tab, ReviewDesk desk, Func<Task> decide, string path)
    {
        await stack.KillApiAsync();
        await decide();
        await Assertions.Expect(desk.Away).ToBeVisibleAsync();
        await stack.StartApiAsync();
        await tab.ReopenAsync(path);
    }

    /// <summary>The service does its work and its answer never arrives.</summary>
    private static async Task LoseFirstAnswerAsync(IPage page, string path, Func<Task>? then = null) =>
        await page.RouteAsync(
            path,
            async route =>
            {
                await route.FetchAsync();
                await (then?.Invoke() ?? Task.CompletedTask);
                await route.AbortAsync("connectionreset");
            },
            new() { Times = 1 }
        );

    private static async Task AssertOneFirAsync(TestStack stack)
    {
        await stack.DeliveredAsync();
        Assert.Equal(1, stack.Stores.JournalCount("sessions"));
        Assert.Equal(5, stack.Stores.JournalCount("session_events WHERE kind = 'step_approved'"));
        Assert.Equal(1, stack.Stores.JournalCount("session_events WHERE kind = 'registered'"));
        Assert.Single((await stack.Client.GetAsync("/list_firs")).RequireOk().Json["records"]!.AsArray());
    }
}
