using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>What an officer types while something is on its way, in one tab or in two, is never thrown away.</summary>
public sealed class TypingTests(Chromium chromium)
{
    private const string Entry = "#field-gd_entry";
    private const string Beat = "#field-beat_number";

    [Fact]
    public async Task What_is_typed_while_a_correction_is_on_its_way_stays_when_the_answer_comes()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await desk.SendComplaintAsync();
        var correction = tab.Page.Locator("#correction");
        await tab.Page.Locator("#review summary").ClickAsync();
        await correction.FillAsync("He limps.");

        await Traffic.MeanwhileAsync(
            tab.Page,
            "**/validate",
            () => tab.Page.Locator("#send-correction").ClickAsync(),
            () => correction.FillAsync("He limps. His brother saw it.")
        );
        await Assertions.Expect(tab.Page.Locator("#said.done")).ToBeVisibleAsync();

        await Assertions.Expect(correction).ToHaveValueAsync("He limps. His brother saw it.");
        await Assertions.Expect(correction).ToBeFocusedAsync();
        await tab.Page.Locator("#send-correction").ClickAsync();
        await Assertions.Expect(correction).ToHaveValueAsync("");
        Assert.Equal(2, stack.Stores.JournalCount("session_events WHERE kind = 'note_given'"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task G3_a_save_that_is_sent_again_carries_what_was_saved_and_what_was_typed_since_stays()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, _) = office;
        var journey = await FinalReviewAsync(stack, tab.Page);
        await tab.Page.Locator(Entry).FillAsync("GD 14");
        var bodies = new List<string?>();
        tab.Page.Request += (_, request) =>
        {
            if (request.Url.EndsWith("/validate", StringComparison.Ordinal))
            {
                bodies.Add(request.PostData);
            }
        };

        await Traffic.MeanwhileAsync(
            tab.Page,
            "**/validate",
            () => tab.Page.Locator("#save-fields").ClickAsync(),
            async () =>
            {
                await tab.Page.Locator(Entry).FillAsync("GD 15");
                await tab.Page.Locator(Beat).FillAsync("17");
            },
            loseAnswer: true
        );
        await Assertions.Expect(tab.Page.Locator("#said.done")).ToBeVisibleAsync();

        Assert.Equal(2, bodies.Count);
        Assert.Equal(bodies[0], bodies[1]);
        Assert.Equal("GD 14", await FieldAsync(journey, "gd_entry"));
        await Assertions.Expect(tab.Page.Locator(Entry)).ToHaveValueAsync("GD 15");
        await Assertions.Expect(tab.Page.Locator(Beat)).ToHaveValueAsync("17");
        await new ReviewDesk(tab).SaveFieldsAsync();
        Assert.Equal("GD 15", await FieldAsync(journey, "gd_entry"));
        Assert.Equal("17", await FieldAsync(journey, "beat_number"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task What_is_typed_back_while_a_save_is_on_its_way_stays_when_the_answer_comes()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        var journey = await FinalReviewAsync(stack, tab.Page);
        await tab.Page.Locator(Entry).FillAsync("A");
        await desk.SaveFieldsAsync();
        await tab.Page.Locator(Entry).FillAsync("AB");

        await Traffic.MeanwhileAsync(
            tab.Page,
            "**/validate",
            () => tab.Page.Locator("#save-fields").ClickAsync(),
            () => tab.Page.Locator(Entry).FillAsync("A")
        );
        await Assertions.Expect(tab.Page.Locator("#review")).ToHaveAttributeAsync("aria-busy", "false");

        await Assertions.Expect(tab.Page.Locator(Entry)).ToHaveValueAsync("A");
        Assert.Equal("AB", await FieldAsync(journey, "gd_entry"));
        await desk.SaveFieldsAsync();
        Assert.Equal("A", await FieldAsync(journey, "gd_entry"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task Two_tabs_of_one_session_keep_both_what_is_typed_in_them()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        var journey = await FinalReviewAsync(stack, tab.Page);
        var beside = await tab.OpenBesideAsync($"/session/{journey.SessionId}");
        await beside.Locator("#review[data-ready]").WaitForAsync();
        await tab.Page.Locator(Entry).FillAsync("GD 14");
        await beside.Locator(Beat).FillAsync("17");

        await tab.Page.Locator("#save-fields").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#said.done")).ToBeVisibleAsync();
        Assert.Equal("GD 14", await FieldAsync(journey, "gd_entry"));
        await Assertions.Expect(beside.Locator(Beat)).ToHaveValueAsync("17");
        await beside.CloseAsync();
        await tab.ReopenAsync($"/session/{journey.SessionId}");

        await Assertions.Expect(tab.Page.Locator(Beat)).ToHaveValueAsync("17");
        await Assertions.Expect(tab.Page.Locator(Entry)).ToHaveValueAsync("GD 14");
        await desk.SaveFieldsAsync();
        Assert.Equal("17", await FieldAsync(journey, "beat_number"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_correction_that_was_typed_while_somebody_else_approved_is_shown_beside_the_registration_and_holds_it_up()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Registrar);
        var (stack, tab, desk) = office;
        var journey = await FinalReviewAsync(stack, tab.Page);
        await tab.Page.Locator("#review summary").Last.ClickAsync();
        await tab.Page.Locator("#correction").FillAsync("His brother saw it.");
        await journey.CompleteAsync();

        await tab.Page.Locator("#send-correction").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#said.problem")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator("#correction")).ToHaveValueAsync("His brother saw it.");
        await tab.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.Commit });
        await desk.TypeKeyAndRegisterAsync();
        await Assertions
            .Expect(tab.Page.Locator("#register-problem"))
            .ToHaveTextAsync("There are corrections that you have not sent. Send or discard them first.");
        await tab.InspectAsync();
        await tab.Page.Locator("#send-correction").ClickAsync();
        await desk.Approve.WaitForAsync();
        await Assertions.Expect(tab.Page.Locator("#correction")).ToHaveValueAsync("");

        Assert.Equal(0, stack.Stores.JournalCount("session_events WHERE kind = 'registered'"));
        var fir = (await journey.StatusAsync()).RequireOk().Json["content"]!["fir_content"]!.ToString();
        Assert.Contains("His brother saw it.", fir, StringComparison.Ordinal);
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_section_that_was_typed_and_not_added_is_not_lost_by_approving_and_blanks_are_nothing()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft, "violations_review");
        await tab.Page.GotoAsync($"/session/{journey.SessionId}");
        await tab.Page.Locator("#review[data-ready]").WaitForAsync();
        await tab.Page.Locator("#add-section").FillAsync("351(2)");

        await desk.Approve.ClickAsync();

        await Assertions
            .Expect(tab.Page.Locator("#said.problem"))
            .ToHaveTextAsync("There are corrections that you have not sent. Send or discard them first.");
        await Assertions.Expect(tab.Page.Locator("#add-section")).ToHaveValueAsync("351(2)");
        await desk.ApprovedAsync(2);
        await tab.Page.Locator("form.inline button").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("[data-section='351(2)']")).ToBeVisibleAsync();

        await tab.Page.Locator("#add-section").FillAsync("  ");
        await tab.Page.Locator("#review summary").ClickAsync();
        await tab.Page.Locator("#correction").FillAsync(" \n ");
        await desk.ApproveStepAsync(2);
        Assert.Equal(3, stack.Stores.JournalCount("session_events WHERE kind = 'step_approved'"));
        Assert.Equal(1, stack.Stores.JournalCount("session_events WHERE kind = 'note_given'"));
        tab.AssertNoComplaint();
    }

    private static async Task<Journey> FinalReviewAsync(TestStack stack, IPage page)
    {
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft, "final_review");
        await page.GotoAsync($"/session/{journey.SessionId}");
        await page.Locator("#review[data-ready]").WaitForAsync();
        return journey;
    }

    private static async Task<string> FieldAsync(Journey journey, string key) =>
        (await journey.StatusAsync()).RequireOk().Json["content"]!["fields"]!.AsArray().Single(field => field!["key"]!.ToString() == key)![
            "value"
        ]!.ToString();
}
