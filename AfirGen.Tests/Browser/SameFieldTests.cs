using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>Two tabs of one session in which the same place was typed into, and what is left of it when somebody else has registered.</summary>
public sealed class SameFieldTests(Chromium chromium)
{
    private const string Entry = "#field-gd_entry";
    private const string Limps = "He limps.";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_taken_back_in_one_tab_does_not_take_away_what_was_typed_into_the_same_field_in_another(bool otherFirst)
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, _) = office;
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft, "final_review");
        await Office.OpenAsync(tab.Page, journey);
        var beside = await tab.OpenBesideAsync($"/session/{journey.SessionId}");
        await beside.Locator("#review[data-ready]").WaitForAsync();
        if (otherFirst)
        {
            await beside.Locator(Entry).FillAsync("GD 15");
        }

        await tab.Page.Locator(Entry).FillAsync("GD 14");
        if (!otherFirst)
        {
            await beside.Locator(Entry).FillAsync("GD 15");
        }

        await beside.Locator(Entry).FillAsync("");
        await Eventually.TrueAsync(
            async () =>
                await beside.EvaluateAsync<bool>(
                    "Object.keys(localStorage).some((name) => name.endsWith('.field.gd_entry') && localStorage[name] === '\"GD 14\"')"
                ),
            "GD 14 is kept",
            Chromium.Patience
        );
        await beside.CloseAsync();
        await tab.ReopenAsync($"/session/{journey.SessionId}");

        await Assertions.Expect(tab.Page.Locator(Entry)).ToHaveValueAsync("GD 14");
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task What_was_sent_from_one_tab_is_not_unsent_in_another_where_it_was_typed_too()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, _) = office;
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft);
        await Office.OpenAsync(tab.Page, journey);
        var beside = await tab.OpenBesideAsync($"/session/{journey.SessionId}");
        foreach (var page in (IPage[])[tab.Page, beside])
        {
            await page.Locator("#review[data-ready] summary").ClickAsync();
            await page.Locator("#correction").FillAsync(Limps);
        }

        await tab.Page.Locator("#send-correction").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#said.done")).ToBeVisibleAsync();
        await Assertions.Expect(beside.Locator("#correction")).ToHaveValueAsync("");
        await KeptAsync(beside, "sessionStorage", 0);
        await beside.Locator("#approve").ClickAsync(); // of what has arrived, and of nothing else

        await Assertions.Expect(beside.Locator(".stepper .past")).ToHaveCountAsync(1);
        Assert.Equal(1, stack.Stores.JournalCount("session_events WHERE kind = 'note_given'"));
        tab.AssertNoComplaint();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_discarded_in_one_tab_goes_from_the_screen_of_the_other_which_would_approve_without_it(bool typedHere)
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, _) = office;
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft, "final_review");
        await Office.OpenAsync(tab.Page, journey);
        await tab.Page.Locator(Entry).FillAsync("GD 14");
        var beside = await tab.OpenBesideAsync($"/session/{journey.SessionId}");
        await Assertions.Expect(beside.Locator(Entry)).ToHaveValueAsync("GD 14");
        var (kept, discarded) = typedHere ? (tab.Page, beside) : (beside, tab.Page);

        await discarded.Locator("#discard-fields").ClickAsync();

        await Assertions.Expect(kept.Locator(Entry)).ToHaveValueAsync("");
        await Assertions.Expect(kept.Locator(".save-bar")).ToBeHiddenAsync();
        await Assertions.Expect(kept.Locator("#approve")).ToBeEnabledAsync();
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task What_was_typed_and_not_sent_before_somebody_else_registered_is_shown_beside_the_receipt_until_it_is_discarded()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft, "final_review");
        await Office.OpenAsync(tab.Page, journey);
        await tab.Page.Locator(Entry).FillAsync("GD 14");
        await tab.Page.Locator("#review summary").Last.ClickAsync();
        await tab.Page.Locator("#correction").FillAsync(Limps);
        await tab.Page.Locator("#field-complainant_name").FillAsync("");
        await tab.Page.Locator("#field-beat_number").FillAsync("17");
        (await stack.Client.CorrectAsync(journey.SessionId, "Beat: 17")).RequireOk(); // so the FIR says that after all
        await journey.CompleteAsync();
        (await journey.RegisterAsync()).RequireOk();

        await tab.ReopenAsync($"/session/{journey.SessionId}");
        await desk.OfficialNumberAsync();
        var unsent = tab.Page.Locator("#unsent li");
        await Assertions.Expect(unsent).ToHaveCountAsync(3);
        await Assertions.Expect(unsent.Filter(new() { HasText = "GD 14" })).ToHaveCountAsync(1);
        await tab.InspectAsync();
        await unsent.Filter(new() { HasText = Limps }).Locator("button").ClickAsync();
        await Assertions.Expect(unsent).ToHaveCountAsync(2);
        await unsent.Filter(new() { HasText = "Not recorded" }).Locator("button").ClickAsync();
        await Assertions.Expect(unsent).ToHaveCountAsync(1);
        await unsent.Locator("button").ClickAsync();

        await Assertions.Expect(tab.Page.Locator("#unsent")).ToHaveCountAsync(0);
        await KeptAsync(tab.Page, "localStorage", 0);
        tab.AssertNoComplaint();
    }

    /// <summary>Waits until so many notes are kept: what one tab writes, another hears of a little later.</summary>
    private static Task KeptAsync(IPage page, string storage, int count) =>
        Eventually.TrueAsync(
            async () => await page.EvaluateAsync<int>($"Object.keys({storage}).filter((name) => name.includes('.notes.')).length") == count,
            $"{count} notes in {storage}",
            Chromium.Patience
        );
}
