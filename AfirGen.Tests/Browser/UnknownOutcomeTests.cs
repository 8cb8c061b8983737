using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>
/// The service fails (500), after it has done its work or before: nobody knows which. The page says so and does not ask for ever; whoever
/// does the same again by hand has it done once. The failure is the test's own; the work is the service's.
/// </summary>
public sealed class UnknownOutcomeTests(Chromium chromium)
{
    private const string Unknown = Office.UnknownOutcome;
    private const string Moved = "The service failed, and the review has moved on. This is another step: read it before you decide.";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task G3_a_complaint_that_a_stand_in_answers_500_is_sent_again_by_hand_and_is_one(bool after)
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        var sent = 0;
        tab.Page.Request += (_, request) => sent += request.Url.EndsWith("/process", StringComparison.Ordinal) ? 1 : 0;

        await office.SendWithoutOutcomeAsync(after);
        await Assertions.Expect(tab.Page.Locator("#send")).ToBeEnabledAsync();
        await tab.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.Commit });
        await tab.Page.Locator("#complaint[data-ready]").WaitForAsync();
        await Assertions.Expect(tab.Page.Locator("#text")).ToHaveValueAsync(Complaints.Theft);
        await Assertions.Expect(tab.Page.Locator("#send")).ToBeEnabledAsync();
        Assert.Equal(1, sent);

        await desk.SendComplaintAsync();
        Assert.Equal(1, stack.Stores.JournalCount("sessions"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task G3_a_complaint_that_a_stand_in_answers_500_is_one_when_what_was_changed_meanwhile_is_taken_back()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await office.SendWithoutOutcomeAsync();

        await tab.Page.Locator("[name=how][value=image]").CheckAsync();
        await tab.Page.Locator("[name=how][value=text]").CheckAsync();
        await tab.Page.Locator("#text").FillAsync("");
        await tab.Page.Locator("#text").FillAsync($"{Complaints.Theft} And more.");
        await tab.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.Commit });
        await desk.TypeComplaintAsync(Complaints.Theft);
        await desk.SendComplaintAsync();

        Assert.Equal(1, stack.Stores.JournalCount("sessions"));
        Assert.Equal(0, await tab.Page.EvaluateAsync<int>("Object.keys(localStorage).filter((name) => name.includes('.draft.')).length"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_complaint_that_is_changed_after_a_stand_in_has_answered_500_is_another_one()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await office.SendWithoutOutcomeAsync();

        await desk.TypeComplaintAsync(Complaints.Assault);
        await desk.SendComplaintAsync();

        Assert.Equal(Complaints.Assault, await office.OriginalAsync(desk.SessionId));
        Assert.Equal(2, stack.Stores.JournalCount("sessions"));
        tab.AssertNoComplaint();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task G3_a_correction_that_a_stand_in_answers_500_is_sent_again_by_hand_and_is_one(bool after)
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await desk.SendComplaintAsync();
        var correction = tab.Page.Locator("#correction");

        await CorrectWithoutOutcomeAsync(tab, after);
        await Assertions.Expect(correction).ToHaveValueAsync("He limps.");
        await tab.Page.Locator("#send-correction").ClickAsync();

        await Assertions.Expect(tab.Page.Locator("#said.done")).ToBeVisibleAsync();
        await Assertions.Expect(correction).ToHaveValueAsync("");
        Assert.Equal(1, stack.Stores.JournalCount("session_events WHERE kind = 'note_given'"));
        Assert.Equal(0, await PendingAsync(tab));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task G3_an_approval_that_a_stand_in_answers_500_after_its_commit_shows_the_next_step_and_approves_no_other()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await desk.SendComplaintAsync();
        await Traffic.FailOnceAsync(tab.Page, "**/validate", after: true);

        await desk.Approve.ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#said.problem")).ToHaveTextAsync(Moved);
        await desk.ApprovedAsync(1);
        await tab.ReopenAsync($"/session/{desk.SessionId}");
        await tab.Page.Locator("#review[data-ready]").WaitForAsync();
        await Assertions.Expect(tab.Page.Locator("#said")).ToBeHiddenAsync();

        await desk.ApprovedAsync(1);
        Assert.Equal(0, await PendingAsync(tab));
        Assert.Equal(1, stack.Stores.JournalCount("session_events WHERE kind = 'step_approved'"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task G3_a_correction_that_a_stand_in_answers_500_after_its_commit_is_not_asked_for_again_once_its_step_is_approved()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await desk.SendComplaintAsync();
        await CorrectWithoutOutcomeAsync(tab, after: true);
        (await stack.Client.ApproveAsync(desk.SessionId, "transcript_review")).RequireOk(); // by somebody else

        await tab.ReopenAsync($"/session/{desk.SessionId}");

        await Assertions.Expect(tab.Page.Locator("#said.problem")).ToHaveTextAsync(Moved);
        Assert.Equal(0, await PendingAsync(tab));
        Assert.Equal(1, stack.Stores.JournalCount("session_events WHERE kind = 'note_given'"));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_correction_that_a_stand_in_answers_500_is_not_asked_for_beside_the_receipt()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Theft, "final_review");
        await Office.OpenAsync(tab.Page, journey);
        await CorrectWithoutOutcomeAsync(tab, after: false);
        await journey.CompleteAsync();
        (await journey.RegisterAsync()).RequireOk(); // by somebody else

        await tab.ReopenAsync($"/session/{journey.SessionId}");

        await desk.OfficialNumberAsync();
        await tab.Page.Locator("#review[data-ready]").WaitForAsync();
        await Assertions.Expect(tab.Page.Locator("#said")).ToBeHiddenAsync();
        await Assertions.Expect(tab.Page.Locator("#unsent li")).ToHaveCountAsync(1);
        Assert.Equal(0, await PendingAsync(tab));
        tab.AssertNoComplaint();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task G3_an_approval_that_a_stand_in_answers_500_before_its_commit_is_sent_again_by_hand_and_is_one(bool reopened)
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await desk.SendComplaintAsync();
        await Traffic.FailOnceAsync(tab.Page, "**/validate", after: false);

        await desk.Approve.ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#said.problem")).ToHaveTextAsync(Unknown);
        if (reopened)
        {
            await tab.ReopenAsync($"/session/{desk.SessionId}");
            await Assertions.Expect(tab.Page.Locator("#said.problem")).ToHaveTextAsync(Unknown);
            Assert.Equal(0, stack.Stores.JournalCount("session_events WHERE kind = 'step_approved'"));
        }

        await desk.ApproveStepAsync(0);
        Assert.Equal(1, stack.Stores.JournalCount("session_events WHERE kind = 'step_approved'"));
        Assert.Equal(0, await PendingAsync(tab));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_correction_that_a_stand_in_answers_500_before_its_commit_and_that_was_taken_back_is_not_sent_when_the_page_is_opened_again()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Officer);
        var (stack, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await desk.SendComplaintAsync();
        await CorrectWithoutOutcomeAsync(tab, after: false);
        await tab.Page.Locator("#correction").FillAsync("");

        await tab.ReopenAsync($"/session/{desk.SessionId}");
        await Assertions.Expect(tab.Page.Locator("#said.problem")).ToHaveTextAsync(Unknown);
        Assert.Equal(1, await PendingAsync(tab));
        await desk.ApproveStepAsync(0);

        Assert.Equal(0, stack.Stores.JournalCount("session_events WHERE kind = 'note_given'"));
        Assert.Equal(0, await PendingAsync(tab));
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task While_the_service_is_down_a_registration_is_not_said_to_be_kept_on_this_computer()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Registrar);
        var (stack, tab, desk) = office;
        await office.OpenCompletedAsync();
        await stack.StopApiAsync();

        await desk.TypeKeyAndRegisterAsync();
        await Assertions
            .Expect(desk.Away)
            .ToHaveTextAsync("The service does not answer. The page goes on by itself as soon as it is back.");
        await stack.StartApiAsync();

        Assert.EndsWith("/0001", await desk.OfficialNumberAsync(), StringComparison.Ordinal);
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task G3_a_registration_that_a_stand_in_answers_500_after_its_commit_is_sent_again_by_hand_and_gives_its_number()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Registrar);
        var (stack, tab, desk) = office;
        await office.OpenCompletedAsync();
        await Traffic.FailOnceAsync(tab.Page, "**/authenticate", after: true);

        await desk.TypeKeyAndRegisterAsync();
        await Assertions.Expect(tab.Page.Locator("#register-problem")).ToHaveTextAsync(Unknown);
        await tab.Page.Locator("#register").ClickAsync();

        Assert.EndsWith("/0001", await desk.OfficialNumberAsync(), StringComparison.Ordinal);
        Assert.Equal(1, stack.Stores.JournalCount("session_events WHERE kind = 'registered'"));
        tab.AssertNoComplaint();
    }

    private static async Task CorrectWithoutOutcomeAsync(Tab tab, bool after)
    {
        await tab.Page.Locator(".correction summary").ClickAsync();
        await tab.Page.Locator("#correction").FillAsync("He limps.");
        await Traffic.FailOnceAsync(tab.Page, "**/validate", after);
        await tab.Page.Locator("#send-correction").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#said.problem")).ToHaveTextAsync(Unknown);
    }

    /// <summary>Decisions that the browser still keeps.</summary>
    private static Task<int> PendingAsync(Tab tab) =>
        tab.Page.EvaluateAsync<int>("Object.keys(localStorage).filter((name) => name.includes('.pending.')).length");
}
