using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>Who is who: keys, roles, the cookie that stands for a key.</summary>
public sealed class SignInTests(Chromium chromium)
{
    [Fact]
    public async Task A_restart_logs_nobody_out_and_a_key_that_is_taken_away_does()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer, "/firs");
        var (stack, tab, _) = office;
        await stack.RestartAsync(kill: true);
        await tab.Page.GotoAsync("/firs?status=draft");
        Assert.EndsWith("/firs?status=draft", tab.Page.Url, StringComparison.Ordinal);
        await Assertions.Expect(tab.Page.Locator(".who")).ToHaveTextAsync("asha");

        stack.Settings["AfirGen:Keys:asha:Key"] = "another-key-of-asha";
        await stack.RestartAsync();
        await tab.Page.GotoAsync("/firs");

        Assert.Contains("/sign-in", tab.Page.Url, StringComparison.Ordinal);
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_wrong_key_is_told_so_and_signing_out_ends_the_session()
    {
        await using var stack = await PageStack.StartAsync();
        await using var tab = await Tab.OpenAsync(chromium, stack.Api.Address);
        await tab.Page.GotoAsync("/firs");
        await tab.Page.Locator("#key").FillAsync("no-key-of-anybody");
        await tab.Page.Locator("#key").PressAsync("Enter");
        await Assertions.Expect(tab.Page.Locator("#key-problem")).ToBeVisibleAsync();
        await tab.InspectAsync();
        await tab.Page.Locator("#key").FillAsync(PageStack.Officer);
        await tab.Page.Locator("#key").PressAsync("Enter");
        await Tab.ArrivesAsync(tab.Page, "/firs");

        var cookie = Assert.Single(await tab.Page.Context.CookiesAsync(), c => c.Name == "afirgen-session");
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, cookie.SameSite);
        Assert.DoesNotContain(PageStack.Officer, cookie.Value, StringComparison.Ordinal);
        await tab.Page.Locator("form[action='/sign-out'] button").ClickAsync();
        await Tab.ArrivesAsync(tab.Page, "/sign-in");
        await tab.Page.GotoAsync("/firs");
        Assert.Contains("/sign-in", tab.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_signs_in_in_a_second_tab_after_the_first_types_the_key_again_and_arrives()
    {
        await using var stack = await PageStack.StartAsync();
        await using var tab = await Tab.OpenAsync(chromium, stack.Api.Address);
        var beside = await tab.OpenBesideAsync("/firs?status=draft");
        await tab.SignInAsync(PageStack.Officer);

        await beside.Locator("#key").FillAsync(PageStack.Officer);
        await beside.Locator("#key").PressAsync("Enter");
        await Assertions.Expect(beside.Locator("#key-problem")).ToContainTextAsync("Type the key again.");
        await Tab.GiveKeyAsync(beside, PageStack.Officer);

        Assert.EndsWith("/firs?status=draft", beside.Url, StringComparison.Ordinal);
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task G3_a_complaint_that_a_stand_in_answers_500_after_its_commit_is_not_sent_as_somebody_who_signs_in_beside_it()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await office.SendWithoutOutcomeAsync();
        var beside = await tab.OpenBesideAsync("/firs");
        await beside.Locator("form[action='/sign-out'] button").ClickAsync();
        await Tab.ArrivesAsync(beside, "/sign-in");
        await Tab.GiveKeyAsync(beside, PageStack.Registrar);
        await beside.GotoAsync("/");
        await beside.Locator("#complaint[data-ready]").WaitForAsync();
        await Assertions.Expect(beside.Locator(".who")).ToHaveTextAsync("imran");
        await Assertions.Expect(beside.Locator("#text")).ToHaveValueAsync("");

        await tab.Page.Locator("#send").ClickAsync();
        await Tab.ArrivesAsync(tab.Page, "/sign-in");
        Assert.Equal(1, stack.Stores.JournalCount("sessions"));
        await Assertions.Expect(beside.Locator("#unfinished")).ToBeHiddenAsync();
        await Tab.GiveKeyAsync(tab.Page, PageStack.Officer);
        await desk.ReviewOpensAsync();

        await Assertions.Expect(tab.Page.Locator(".who")).ToHaveTextAsync("asha");
        Assert.Equal(Complaints.Theft, await office.OriginalAsync(desk.SessionId));
        Assert.Equal(1, stack.Stores.JournalCount("sessions"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task Whose_key_is_revoked_in_the_middle_of_a_review_reads_so_in_Hindi_and_is_led_to_sign_in_again()
    {
        using var keys = new KeyDesk();
        await using var stack = await EmbeddedStack.StartAsync(keys.Equip(PageStack.Settings()));
        var old = await KeyDesk.CreateAsync(stack, "lata", "officer");
        using var client = stack.Api.CreateClient(old);
        await Eventually.SeesAsync(() => client.GetAsync("/list_firs"), reply => reply.Status == 200);
        await using var tab = await Tab.OpenAsync(chromium, stack.Api.Address, "hi-IN");
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft);
        await tab.SignInAsync(old, $"/session/{journey.SessionId}");
        await tab.Page.Locator("#review[data-ready]").WaitForAsync();
        (await ServiceCommand.RunAsync(stack, "key", "revoke", "lata")).RequireOk();
        await Eventually.SeesAsync(() => client.GetAsync("/list_firs"), reply => reply.Status == 401);

        await tab.Page.Locator("#approve").ClickAsync();

        await Assertions.Expect(tab.Page.Locator("#review-body h1")).ToBeFocusedAsync();
        await Assertions.Expect(tab.Page.Locator("#review-body")).ToContainTextAsync("आपकी कुंजी रद्द कर दी गई है");
        await Assertions.Expect(tab.Page.Locator("#review")).ToHaveAttributeAsync("aria-busy", "false");
        await tab.InspectAsync();
        await tab.Page.Locator("#review-body a").ClickAsync();
        await Tab.GiveKeyAsync(tab.Page, PageStack.Officer);
        Assert.EndsWith(journey.SessionId, tab.Page.Url, StringComparison.Ordinal);
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task Who_tries_too_many_keys_reads_a_page()
    {
        await using var stack = await PageStack.StartAsync();
        using var visitor = new Visitor(stack.Api.Address);
        Reply last = null!;
        for (var i = 0; i < 31; i++)
        {
            last = await visitor.SignInAsync($"wrong-key-{i}");
            Assert.Contains("<h1>", last.Text, StringComparison.Ordinal);
        }

        Assert.Equal(429, last.Status);
    }

    [Fact]
    public async Task A_form_that_is_not_of_this_service_is_refused_on_a_page()
    {
        await using var stack = await PageStack.StartAsync();

        var refused = await stack.Client.SendAsync(
            HttpMethod.Post,
            "/language",
            new FormUrlEncodedContent([]),
            null,
            ("Accept", "text/html")
        );

        Assert.Equal(400, refused.Status);
        Assert.Contains("<h1>", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_language_is_switched_and_stays()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await tab.Page.Locator("button[name=language]").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("lang", "hi");
        await Assertions.Expect(tab.Page.Locator("h1")).ToHaveTextAsync("नई शिकायत");
        await Assertions.Expect(tab.Page.Locator("#text")).ToHaveValueAsync(Complaints.Theft);
        await stack.RestartAsync();
        await tab.ReopenAsync("/firs");

        await Assertions.Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("lang", "hi");
        tab.AssertNoComplaint();
    }
}
