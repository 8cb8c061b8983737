using System.Text.RegularExpressions;
using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>Giving an FIR its official number.</summary>
public sealed class RegistrationPageTests(Chromium chromium)
{
    [Fact]
    public async Task Who_may_register_and_not_review_finds_Approve_disabled_with_its_reason_and_registers()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.RegistrarOnly);
        var (stack, tab, desk) = office;
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft, "final_review");
        await tab.Page.GotoAsync($"/session/{journey.SessionId}");
        await tab.Page.Locator("#review[data-ready]").WaitForAsync();

        await Assertions.Expect(desk.Approve).ToBeDisabledAsync();
        await Assertions.Expect(desk.Approve).ToHaveAttributeAsync("aria-describedby", "why-not");
        await Assertions.Expect(tab.Page.Locator("#why-not")).ToContainTextAsync("officer");
        await Assertions.Expect(tab.Page.Locator("#review button:enabled")).ToHaveCountAsync(0);
        await Assertions.Expect(tab.Page.Locator("#review :is(input, textarea):not([readonly])")).ToHaveCountAsync(0);
        await tab.InspectAsync();
        await journey.CompleteAsync();
        await tab.ReopenAsync($"/session/{journey.SessionId}");
        await tab.Page.Locator("#review[data-ready]").WaitForAsync();
        await Assertions.Expect(tab.Page.Locator("#reopen-title")).ToHaveTextAsync("The FIR as recorded");
        await Assertions.Expect(tab.Page.Locator("#review :is(input, textarea):not([readonly])")).ToHaveCountAsync(1); // the key
        await tab.Page.Locator("#field-beat_number").PressSequentiallyAsync("17");
        await Assertions.Expect(tab.Page.Locator(".save-bar")).ToBeHiddenAsync();
        await tab.InspectAsync();
        await desk.TypeKeyAndRegisterAsync();

        Assert.EndsWith("/0001", await desk.OfficialNumberAsync(), StringComparison.Ordinal);
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task Who_may_review_no_more_registers_whatever_they_have_typed_and_not_sent_before()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Registrar);
        var (stack, tab, desk) = office;
        var journey = await office.OpenCompletedAsync();
        await tab.Page.Locator("#field-beat_number").FillAsync("17");
        await Assertions.Expect(tab.Page.Locator(".save-bar")).ToBeVisibleAsync();
        stack.Settings["AfirGen:Keys:imran:Roles"] = "registrar";
        await stack.RestartAsync();

        await tab.ReopenAsync($"/session/{journey.SessionId}");
        await tab.Page.Locator("#review[data-ready]").WaitForAsync();
        await Assertions.Expect(tab.Page.Locator("#field-beat_number")).ToHaveValueAsync("");
        await Assertions.Expect(tab.Page.Locator(".save-bar")).ToBeHiddenAsync();
        await desk.TypeKeyAndRegisterAsync();

        Assert.EndsWith("/0001", await desk.OfficialNumberAsync(), StringComparison.Ordinal);
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task Who_registers_after_somebody_else_is_told_so_and_sees_the_number()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Registrar);
        var (stack, tab, desk) = office;
        var journey = await office.OpenCompletedAsync();
        (await stack.Client.AuthenticateAsync(journey.FirNumber, TestStack.AuthKey)).RequireOk(); // somebody else was faster

        await desk.TypeKeyAndRegisterAsync();

        Assert.EndsWith("/0001", await desk.OfficialNumberAsync(), StringComparison.Ordinal);
        await Assertions.Expect(tab.Page.Locator("#said.problem")).ToHaveTextAsync("The FIR is registered already.");
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_registration_counts_for_the_text_on_screen_only()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Registrar);
        var (stack, tab, desk) = office;
        var journey = await office.OpenCompletedAsync();
        (await stack.Client.CorrectAsync(journey.SessionId, "Beat: 17")).RequireOk(); // somebody else reopens it
        await journey.CompleteAsync();

        await desk.TypeKeyAndRegisterAsync();

        await Assertions
            .Expect(tab.Page.Locator("#said.problem"))
            .ToHaveTextAsync("This was changed since you read it. Look at it again, then decide.");
        await Assertions.Expect(tab.Page.Locator("#field-beat_number")).ToHaveValueAsync("17");
        await Assertions.Expect(tab.Page.Locator("#auth-key")).ToHaveValueAsync("");
        Assert.Equal(0, stack.Stores.JournalCount("session_events WHERE kind = 'registered'"));
        await desk.TypeKeyAndRegisterAsync();

        Assert.EndsWith("/0001", await desk.OfficialNumberAsync(), StringComparison.Ordinal);
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_page_that_is_opened_while_a_stand_in_says_that_the_registration_is_under_way_says_that_it_is_stored()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Registrar);
        var (_, tab, desk) = office;
        var journey = await office.OpenCompletedAsync();
        await Traffic.CarryOutWithoutAnswerAsync(tab.Page, "**/authenticate", desk.TypeKeyAndRegisterAsync);
        var operations = new Regex("/operations/[0-9a-f]{32}");
        await tab.Page.Context.RouteAsync(
            operations,
            route => route.FulfillAsync(new() { ContentType = "application/json", Body = """{"outcome":"in_flight"}""" })
        );

        await tab.ReopenAsync($"/session/{journey.SessionId}");
        await Assertions.Expect(tab.Page.Locator("#progress")).ToContainTextAsync("Stored.");
        await tab.Page.Context.UnrouteAsync(operations);

        Assert.EndsWith("/0001", await desk.OfficialNumberAsync(), StringComparison.Ordinal);
        await Assertions.Expect(tab.Page.Locator("#progress")).ToBeEmptyAsync();
        tab.AssertNoComplaint();
    }

    [Theory]
    [InlineData("en-IN", "Fields are missing that registration needs: ")]
    [InlineData("hi-IN", "पंजीकरण के लिए आवश्यक खाने खाली हैं: ")]
    public async Task Fields_that_registration_needs_are_named_as_on_the_form(string locale, string said)
    {
        await using var stack = await PageStack.StartAsync();
        await using var tab = await Tab.OpenAsync(chromium, stack.Api.Address, locale);
        var journey = await Journey.BeginAsync(stack.Client, "Test", "final_review");
        await journey.CompleteAsync(supplied: null);
        await tab.SignInAsync(PageStack.Registrar, $"/session/{journey.SessionId}");
        await tab.Page.Locator("#review[data-ready]").WaitForAsync();
        var needed = string.Join(", ", await tab.Page.Locator(".form > .notice li").AllInnerTextsAsync());
        Assert.NotEmpty(needed);

        await new ReviewDesk(tab).TypeKeyAndRegisterAsync();

        await Assertions.Expect(tab.Page.Locator("#register-problem")).ToHaveTextAsync(said + needed);
        tab.AssertNoComplaint();
    }
}
