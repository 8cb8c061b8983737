namespace AfirGen.Tests.Stack;

/// <summary>The embedded service with a data folder of its own, through any number of restarts.</summary>
internal sealed class EmbeddedStack : IAsyncDisposable
{
    /// <summary>What every test registers FIRs with.</summary>
    public const string AuthKey = "test-finalisation-key";

    private readonly TemporaryFolder _folder = new();
    private ApiProcess? _api;
    private ApiClient? _client;

    private EmbeddedStack(IReadOnlyDictionary<string, string>? settings)
    {
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            Settings[name] = value;
        }
    }

    public Dictionary<string, string> Settings { get; } = new() { ["AfirGen:FinalisationKey"] = AuthKey };

    public string DataFolder => Path.Combine(_folder.Path, "data");

    public ApiProcess Api => _api ?? throw new InvalidOperationException("The service is not running.");

    public ApiClient Client => _client ?? throw new InvalidOperationException("The service is not running.");

    public Stores Stores => new(DataFolder);

    public static async Task<EmbeddedStack> StartAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var stack = new EmbeddedStack(settings);
        try
        {
            await stack.StartApiAsync();
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>A stack on a data folder that a test has prepared; nothing is started yet.</summary>
    public static EmbeddedStack Prepared(IReadOnlyDictionary<string, string>? settings = null) => new(settings);

    public async Task StartApiAsync(params string[] wrapper)
    {
        _client?.Dispose();
        _api = await ApiProcess.StartAsync(DataFolder, Settings, wrapper);
        _client = _api.CreateClient(Settings.GetValueOrDefault("AfirGen:ApiKey"));
    }

    /// <summary>Starts it although it is not expected to become ready.</summary>
    public ApiProcess LaunchApi(params string[] wrapper)
    {
        _client?.Dispose();
        _client = null;
        return _api = ApiProcess.Launch(DataFolder, Settings, wrapper);
    }

    /// <returns>The exit code.</returns>
    public Task<int> StopApiAsync() => Api.StopAsync();

    public Task KillApiAsync() => Api.KillAsync();

    public async Task RestartAsync(bool kill = false)
    {
        if (kill)
        {
            await KillApiAsync();
        }
        else
        {
            Assert.Equal(0, await StopApiAsync());
        }

        await Api.DisposeAsync();
        await StartApiAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        _folder.Dispose();
    }
}
