using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(AfirGen.Tests.Browser.Chromium))]

namespace AfirGen.Tests.Browser;

/// <summary>The real browser of this machine, started once for all tests that need it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>For what must become true on a page, on a machine that has other work too.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> _started = new(StartAsync);

    internal async Task<IBrowser> BrowserAsync() => (await _started.Value).Browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_started.IsValueCreated)
        {
            var (driver, browser) = await _started.Value;
            await browser.DisposeAsync();
            driver.Dispose();
        }
    }

    private static async Task<(IPlaywright, IBrowser)> StartAsync()
    {
        var path = Environment.GetEnvironmentVariable("AFIRGEN_CHROMIUM") ?? "/usr/bin/chromium";
        Assert.True(File.Exists(path), $"{path} is missing: eng/install-test-tools.sh installs it, AFIRGEN_CHROMIUM names another.");
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
        var driver = await Playwright.CreateAsync();
        // As root, in a container, there is no sandbox to be had.
        var browser = await driver.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox"] });
        return (driver, browser);
    }
}
