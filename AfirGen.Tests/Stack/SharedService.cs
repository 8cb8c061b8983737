namespace AfirGen.Tests.Stack;

/// <summary>One running service for all tests of a class; each test works on sessions of its own.</summary>
public class SharedService : IAsyncLifetime
{
    private EmbeddedStack? _stack;

    internal EmbeddedStack Stack => _stack ?? throw new InvalidOperationException("The service is not running.");

    internal ApiClient Client => Stack.Client;

    /// <summary>Configuration of the service.</summary>
    internal virtual Dictionary<string, string> Settings => [];

    public virtual async ValueTask InitializeAsync() => _stack = await EmbeddedStack.StartAsync(Settings);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_stack is not null)
        {
            var (ended, log) = (_stack.Api.HasExited, string.Join('\n', _stack.Api.Log.TakeLast(40)));
            await _stack.DisposeAsync();
            Assert.False(ended, $"The service ended by itself:\n{log}");
        }
    }
}
