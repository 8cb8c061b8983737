using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Browser;

/// <summary>A service of its own and one person before a screen, signed in.</summary>
internal sealed record Office(TestStack Stack, Tab Tab, ReviewDesk Desk) : IAsyncDisposable
{
    public static async Task<Office> OpenAsync(Chromium chromium, string key, string path = "/")
    {
        var stack = await PageStack.StartAsync();
        try
        {
            var tab = await Tab.OpenAsync(chromium, stack.Api.Address);
            await tab.SignInAsync(key, path);
            return new(stack, tab, new(tab));
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>The complaint as the service has it.</summary>
    public async Task<string> OriginalAsync(string session) =>
        (await Stack.Client.StatusAsync(session)).RequireOk().Json["content"]!["original_text"]!.GetValue<string>();

    public async ValueTask DisposeAsync()
    {
        await Tab.DisposeAsync();
        await Stack.DisposeAsync();
    }
}
