using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>Deciding on what is on screen.</summary>
public sealed class ReviewPageTests(Chromium chromium)
{
    private const string Address = "House No. 12,\nGali No. 3, Shastri Nagar,\nMeerut";
    private const string Property = "1. Motorcycle, Rs 45,000\n2. Mobile phone, Rs 18,500";

    [Fact]
    public async Task G3_an_approval_counts_for_the_step_on_screen_only()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await desk.SendComplaintAsync();
        (await stack.Client.ApproveAsync(desk.SessionId, "transcript_review")).RequireOk(); // somebody else was faster

        await desk.Approve.ClickAsync();

        await Assertions
            .Expect(tab.Page.Locator("#said.problem"))
            .ToHaveTextAsync("This was changed since you read it. Look at it again, then decide.");
        await desk.ApprovedAsync(1);
        await tab.ScreenshotAsync("somebody-was-faster");
        Assert.Equal(1, stack.Stores.JournalCount("session_events WHERE kind = 'step_approved'"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task The_lines_of_a_pasted_address_and_of_a_list_stay_lines_in_the_form_the_text_and_on_paper()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, _) = office;
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft, "final_review");
        await tab.Page.GotoAsync($"/session/{journey.SessionId}");
        await PasteAsync(tab.Page, "complainant_address", Address);
        await PasteAsync(tab.Page, "property", Property);
        await PasteAsync(tab.Page, "beat_number", "17");

        await tab.Page.Locator("#save-fields").ClickAsync();

        await Assertions.Expect(tab.Page.Locator("#said.done")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator("#field-complainant_address")).ToHaveValueAsync(Address);
        await Assertions.Expect(tab.Page.Locator("#field-property")).ToHaveValueAsync(Property);
        await tab.ScreenshotAsync("fields-of-several-lines");
        await tab.InspectAsync();
        await tab.Page.GotoAsync($"/view_fir/{journey.FirNumber}");
        var text = await tab.Page.Locator(".record pre").InnerTextAsync();
        Assert.Contains($":\n{Address}\n", text, StringComparison.Ordinal);
        Assert.Contains($":\n{Property}\n", text, StringComparison.Ordinal);
        await tab.Page.GotoAsync($"/fir/{journey.FirNumber}/print");
        var paper = await tab.Page.Locator(".sheet dd").AllInnerTextsAsync();
        Assert.Contains(Address, paper);
        Assert.Contains(Property, paper);
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_field_of_one_line_stays_one_also_where_it_is_long_enough_for_several_on_screen()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft, "final_review");
        (await stack.Client.CorrectAsync(journey.SessionId, $"Beat: {new string('7', 120)}")).RequireOk();
        await tab.Page.GotoAsync($"/session/{journey.SessionId}");
        var beat = tab.Page.Locator("textarea#field-beat_number");

        await beat.PressAsync("End");
        await beat.PressAsync("Enter");
        await Assertions.Expect(beat).ToHaveValueAsync(new string('7', 120));
        await PasteAsync(tab.Page, "beat_number", $"17\n{new string('8', 120)}");
        await Assertions.Expect(beat).ToHaveValueAsync($"17 {new string('8', 120)}");
        await desk.SaveFieldsAsync();

        await Assertions.Expect(tab.Page.Locator("#said.done")).ToBeVisibleAsync();
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task Adding_a_section_that_does_not_exist_says_so_and_one_that_exists_does_not()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, _) = office;
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft, "violations_review");
        await tab.Page.GotoAsync($"/session/{journey.SessionId}");
        var said = tab.Page.Locator("#said.done");

        await AddSectionAsync(tab.Page, "66D of the IT Act");
        await Assertions.Expect(tab.Page.Locator("#add-section:invalid")).ToBeFocusedAsync();
        var hint = await tab.Page.Locator("#add-section-hint").InnerTextAsync();
        Assert.Contains("\"Sections: 303(2), 66D of the IT Act\"", hint, StringComparison.Ordinal);
        Assert.Equal(hint, await tab.Page.Locator("#add-section").EvaluateAsync<string>("field => field.validationMessage"));
        await AddSectionAsync(tab.Page, "999");
        await Assertions.Expect(said).ToHaveTextAsync("Your correction is stored. Read the notice below.");
        await Assertions.Expect(tab.Page.Locator(".step .notice")).ToContainTextAsync("no section 999");
        Assert.Equal(1, stack.Stores.JournalCount("session_events WHERE kind = 'note_given'"));
        await tab.ScreenshotAsync("no-such-section");
        await tab.Page.Locator("[data-section='999'] button").ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".step .notice")).ToHaveCountAsync(0);
        await AddSectionAsync(tab.Page, "351(2)");

        await Assertions.Expect(tab.Page.Locator("[data-section='351(2)']")).ToBeVisibleAsync();
        await Assertions.Expect(said).ToHaveTextAsync("Your correction is stored and was drafted in.");
        await Assertions.Expect(tab.Page.Locator("#add-section")).ToHaveValueAsync("");
        tab.AssertNoComplaint();
    }

    [Theory]
    [InlineData("351(2),\u00A0115(2)", "351(2), 115(2)")]
    [InlineData(" 351(2) ,\t115(2)", "351(2) , 115(2)")]
    public async Task Sections_that_were_pasted_with_other_white_space_are_all_added(string pasted, string sent)
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, _) = office;
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft, "violations_review");
        await tab.Page.GotoAsync($"/session/{journey.SessionId}");

        var request = await tab.Page.RunAndWaitForRequestAsync(() => AddSectionAsync(tab.Page, pasted), "**/validate");

        Assert.Contains($"\"add section {sent}\"", request.PostData, StringComparison.Ordinal);
        await Assertions.Expect(tab.Page.Locator("[data-section='351(2)']")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator("[data-section='115(2)']")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator("#said")).ToHaveTextAsync("Your correction is stored and was drafted in.");
        await Assertions.Expect(tab.Page.Locator("#add-section")).ToHaveValueAsync("");
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task Remove_beside_a_section_of_another_Act_removes_it_and_the_FIR_says_nothing_of_it()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, _) = office;
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft, "violations_review");
        (await stack.Client.CorrectAsync(journey.SessionId, "Sections: 303(2), 66D of the IT Act, 379 IPC")).RequireOk();
        await tab.Page.GotoAsync($"/session/{journey.SessionId}");
        await tab.Page.Locator("#review[data-ready]").WaitForAsync();

        foreach (var section in (string[])["66D of the IT Act", "379 IPC"])
        {
            var row = tab.Page.Locator($"[data-section='{section}']");
            await row.Locator("button").ClickAsync();
            await Assertions.Expect(row).ToHaveCountAsync(0);
            await Assertions.Expect(tab.Page.Locator("#said")).ToHaveTextAsync("Your correction is stored and was drafted in.");
            await Assertions.Expect(tab.Page.Locator(".step .notice")).ToHaveCountAsync(0);
        }

        await Assertions.Expect(tab.Page.Locator("[data-section]")).ToHaveCountAsync(1);
        await journey.ApproveUntilAsync("final_review");
        var fir = (await journey.StatusAsync()).Json["content"]!["fir_content"]!.ToString();
        Assert.Contains("Section 303(2): Theft", fir, StringComparison.Ordinal);
        Assert.DoesNotContain("66D of", fir, StringComparison.Ordinal);
        Assert.DoesNotContain("379 IPC", fir, StringComparison.Ordinal);
        Assert.DoesNotContain("remark", fir, StringComparison.Ordinal);
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task Characters_that_turn_text_around_are_named_beside_a_section_too_for_every_reader()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, _) = office;
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft, "violations_review");
        (await stack.Client.CorrectAsync(journey.SessionId, "Sections: 303(2), \u202E66\u202C of the IT Act")).RequireOk();
        await tab.Page.GotoAsync($"/session/{journey.SessionId}");
        var row = tab.Page.Locator("[data-section='[U+202E]66[U+202C] of the IT Act']");

        await Assertions
            .Expect(row.Locator("button"))
            .ToHaveAttributeAsync("aria-label", "Remove section [U+202E]66[U+202C] of the IT Act");
        Assert.DoesNotMatch(
            "[\\u202A-\\u202E\\u2066-\\u2069]",
            await tab.Page.Locator("#review").EvaluateAsync<string>("e => e.outerHTML")
        );
        await row.Locator("button").ClickAsync();

        await Assertions.Expect(row).ToHaveCountAsync(0);
        await Assertions.Expect(tab.Page.Locator("[data-section]")).ToHaveCountAsync(1);
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task On_a_Hindi_page_the_services_English_is_marked_as_English()
    {
        await using var stack = await PageStack.StartAsync();
        await using var tab = await Tab.OpenAsync(chromium, stack.Api.Address, "hi-IN");
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft, "violations_review");
        (await stack.Client.CorrectAsync(journey.SessionId, "add section 999")).RequireOk();

        await tab.SignInAsync(PageStack.Officer, $"/session/{journey.SessionId}");

        await Assertions.Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("lang", "hi");
        await Assertions.Expect(tab.Page.Locator(".step .notice")).ToHaveAttributeAsync("lang", "en");
        await Assertions.Expect(tab.Page.Locator(".findings [lang=en] dt")).ToHaveCountAsync(0); // the page's own words
        Assert.NotEqual(0, await tab.Page.Locator(".findings dd[lang=en]").CountAsync());
        tab.AssertNoComplaint();
    }

    private static async Task AddSectionAsync(IPage page, string section)
    {
        await page.Locator("#review[data-ready]").WaitForAsync();
        await page.Locator("#add-section").FillAsync(section);
        await page.Locator("form.inline button").ClickAsync();
    }

    /// <summary>As the clipboard does it: into what is selected, with the line breaks that the field takes.</summary>
    private static async Task PasteAsync(IPage page, string key, string text)
    {
        var field = page.Locator($"#field-{key}");
        await field.ClickAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.InsertTextAsync(text);
    }
}
