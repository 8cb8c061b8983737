using AfirGen.Tests.Scenarios;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>What takes longer than people notice says that it runs. The page's clock stands still and is moved by hand: nothing here waits.</summary>
public sealed class ProgressTests(Chromium chromium)
{
    private const int Noticed = 300;

    [Fact]
    public async Task Every_decision_that_takes_300_ms_says_so_until_it_is_answered()
    {
        await using var office = await OpenAsync();
        var (_, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);

        await SlowAsync(tab, "**/process", "Sending…", () => tab.Page.Locator("#send").ClickAsync());
        await desk.ReviewOpensAsync();
        await SlowAsync(tab, "**/regenerate/*", "Working…", () => tab.Page.Locator("#redraft").ClickAsync());
        for (var step = 0; step < Journey.Steps.Length; step++)
        {
            if (Journey.Steps[step] == "final_review")
            {
                await tab.Page.Locator("#field-gd_entry").FillAsync("GD 14");
                await SlowAsync(tab, "**/validate", "Working…", () => tab.Page.Locator("#save-fields").ClickAsync());
                await Assertions.Expect(tab.Page.Locator("#field-gd_entry")).ToHaveValueAsync("GD 14");
            }

            await SlowAsync(tab, "**/validate", "Working…", () => desk.Approve.ClickAsync());
            await desk.ApprovedAsync(step + 1);
        }

        await SlowAsync(tab, "**/authenticate", "Registering…", desk.TypeKeyAndRegisterAsync);
        await desk.OfficialNumberAsync();
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task A_decision_that_is_answered_at_once_does_not_flash()
    {
        await using var office = await OpenAsync();
        var (_, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await desk.SendComplaintAsync();
        await tab.Page.EvaluateAsync(
            """
            window.said = [];
            new MutationObserver(() => said.push(document.querySelector('#progress').textContent))
              .observe(document.querySelector('#progress'), { childList: true, characterData: true, subtree: true });
            """
        );

        await desk.ApproveStepAsync(0);
        await Assertions.Expect(tab.Page.Locator("#review[aria-busy=false]")).ToBeVisibleAsync();
        await tab.Page.Clock.RunForAsync(10 * Noticed);

        Assert.Empty(await tab.Page.EvaluateAsync<string[]>("said"));
    }

    [Fact]
    public async Task Copying_a_file_that_a_stand_in_reads_slowly_says_so_until_it_is_kept()
    {
        await using var office = await OpenAsync();
        var (_, tab, desk) = office;
        await tab.Page.EvaluateAsync(
            """
            () => {
              const read = Blob.prototype.arrayBuffer;
              Blob.prototype.arrayBuffer = function () {
                return new Promise((resolve) => (window.readOn = resolve)).then(() => read.call(this));
              };
            }
            """
        );
        var progress = tab.Page.Locator("#progress");

        await desk.ChooseFileAsync("audio", "call.wav", "audio/wav", Uploads.Letter);
        await tab.Page.Clock.RunForAsync(Noticed);
        await Assertions.Expect(progress).ToHaveTextAsync("Keeping the file…");
        await tab.Page.EvaluateAsync("readOn()");

        await Assertions.Expect(progress).ToBeEmptyAsync();
        await Assertions.Expect(tab.Page.Locator("#send")).ToBeEnabledAsync();
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task What_ends_in_the_background_does_not_take_away_that_something_else_still_runs()
    {
        await using var office = await OpenAsync();
        var tab = office.Tab;
        await tab.Page.EvaluateAsync(
            """
            async () => {
              const { withProgress } = await import('/assets/page.js');
              window.end = {};
              for (const name of ['first', 'second']) withProgress(name, () => new Promise((resolve) => (end[name] = resolve)));
            }
            """
        );
        var progress = tab.Page.Locator("#progress");

        await tab.Page.Clock.RunForAsync(Noticed);
        await Assertions.Expect(progress).ToHaveTextAsync("second");
        await tab.Page.EvaluateAsync("end.second()");
        await Assertions.Expect(progress).ToHaveTextAsync("first");
        await tab.Page.EvaluateAsync("end.first()");
        await Assertions.Expect(progress).ToBeEmptyAsync();
        tab.AssertNoComplaint();
    }

    [Fact]
    public async Task The_line_that_says_what_became_of_a_decision_is_the_same_from_the_first_decision_to_the_receipt()
    {
        await using var office = await Office.OpenAsync(chromium, PageStack.Registrar);
        var (_, tab, desk) = office;
        await desk.TypeComplaintAsync(Complaints.Theft);
        await desk.SendComplaintAsync();
        await tab.Page.EvaluateAsync("window.line = document.querySelector('#said[role=status]')");

        await desk.ReviewAsync(() => desk.Approve.ClickAsync());
        await Assertions.Expect(tab.Page.Locator("#said")).ToHaveTextAsync("Approved and stored.");
        Assert.True(await tab.Page.EvaluateAsync<bool>("line.isConnected"));
        await desk.TypeKeyAndRegisterAsync();
        await desk.OfficialNumberAsync();

        await Assertions.Expect(tab.Page.Locator("#said.done")).ToBeVisibleAsync();
        Assert.True(await tab.Page.EvaluateAsync<bool>("line.isConnected && line.textContent !== ''"));
    }

    private async Task<Office> OpenAsync()
    {
        var office = await Office.OpenAsync(chromium, PageStack.Registrar);
        await office.Tab.Page.Clock.InstallAsync();
        await office.Tab.Page.Clock.PauseAtAsync(DateTime.UtcNow.AddMinutes(1));
        return office;
    }

    /// <summary>Acts while the answer is held back: nothing is said for 299 ms, then it is, in view, until the answer comes.</summary>
    private static async Task SlowAsync(Tab tab, string path, string said, Func<Task> act)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await tab.Page.RouteAsync(
            path,
            async route =>
            {
                asked.SetResult();
                await answer.Task;
                await route.ContinueAsync();
            },
            new() { Times = 1 }
        );
        var progress = tab.Page.Locator("#progress");
        await act();
        await asked.Task.WaitAsync(Chromium.Patience);

        await tab.Page.Clock.RunForAsync(Noticed - 1);
        Assert.Equal("", await progress.InnerTextAsync());
        await tab.Page.Clock.RunForAsync(1);
        await Assertions.Expect(progress).ToHaveTextAsync(said);
        await Assertions.Expect(progress).ToBeInViewportAsync();
        answer.SetResult();
        await Assertions.Expect(progress).ToBeEmptyAsync();
    }
}
