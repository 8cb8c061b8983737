using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>What happens to a request between page and service.</summary>
internal static class Traffic
{
    /// <summary>Acts, and the service does its work; its answer never arrives.</summary>
    public static async Task CarryOutWithoutAnswerAsync(IPage page, string path, Func<Task> act)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync(
            path,
            async route =>
            {
                await route.FetchAsync();
                done.TrySetResult();
            }
        );
        await act();
        await done.Task.WaitAsync(Chromium.Patience, TestContext.Current.CancellationToken);
    }

    /// <summary>The next answer says that the service has failed.</summary>
    /// <param name="after">It has done its work before it fails.</param>
    public static Task FailOnceAsync(IPage page, string path, bool after) =>
        page.RouteAsync(
            path,
            async route =>
            {
                if (after)
                {
                    await route.FetchAsync();
                }

                await route.FulfillAsync(
                    new()
                    {
                        Status = 500,
                        ContentType = "application/problem+json",
                        Body = """{"type":"urn:afirgen:internal","status":500,"detail":"Something went wrong here."}""",
                    }
                );
            },
            new() { Times = 1 }
        );

    /// <summary>Acts, and does something else while the request is on its way.</summary>
    /// <param name="loseAnswer">The service does its work meanwhile, and the connection breaks; otherwise the request is let through after it.</param>
    public static async Task MeanwhileAsync(IPage page, string path, Func<Task> act, Func<Task> meanwhile, bool loseAnswer = false)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync(
            path,
            async route =>
            {
                if (loseAnswer)
                {
                    await route.FetchAsync();
                }

                asked.SetResult();
                await done.Task;
                await (loseAnswer ? route.AbortAsync("connectionreset") : route.ContinueAsync());
            },
            new() { Times = 1 }
        );
        await act();
        await asked.Task.WaitAsync(Chromium.Patience, TestContext.Current.CancellationToken);
        await meanwhile();
        done.SetResult();
    }
}
