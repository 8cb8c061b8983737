namespace AfirGen.Tests.Stack;

/// <summary>Waits for what must become true, with a deadline: no test sleeps and hopes.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? patience = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, patience);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        using var limit = new CancellationTokenSource(patience ?? Patience);
        while (!await condition())
        {
            Assert.False(limit.IsCancellationRequested, $"Not within {patience ?? Patience}: {what}");
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    /// <returns>The first value that satisfies <paramref name="condition"/>.</returns>
    public static async Task<T> SeesAsync<T>(Func<Task<T>> look, Func<T, bool> condition)
    {
        var seen = await look();
        await TrueAsync(async () => condition(seen) || condition(seen = await look()), $"the condition on what was seen last: {seen}");
        return seen;
    }
}
