namespace AfirGen.Tests.Stack;

/// <summary>Waits for what must become true, and no longer.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <returns>The first value that satisfies <paramref name="condition"/>.</returns>
    public static async Task<T> SeesAsync<T>(Func<Task<T>> look, Func<T, bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var seen = await look();
            if (condition(seen))
            {
                return seen;
            }

            Assert.False(limit.IsCancellationRequested, $"Not within {Patience}; last seen: {seen}");
            await Task.Delay(Pause, CancellationToken.None);
        }
    }
}
