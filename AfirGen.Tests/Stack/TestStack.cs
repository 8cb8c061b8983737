namespace AfirGen.Tests.Stack;

/// <summary>
/// The real service on two stores, through any number of restarts: what a scenario needs to be written once and run on every stack.
/// </summary>
internal abstract class TestStack : IAsyncDisposable
{
    /// <summary>What every test registers FIRs with.</summary>
    public const string AuthKey = "test-finalisation-key";

    private readonly TemporaryFolder _folder = new();
    private ApiProcess? _api;
    private ApiClient? _client;

    protected TestStack(IReadOnlyDictionary<string, string>? settings)
    {
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            Settings[name] = value;
        }
    }

    public Dictionary<string, string> Settings { get; } = new() { ["AfirGen:FinalisationKey"] = AuthKey };

    public string DataFolder => Path.Combine(_folder.Path, "data");

    /// <summary>Where the tests start the service themselves.</summary>
    public ApiProcess Api => _api ?? throw new InvalidOperationException("The service is not running, or no child of the tests.");

    /// <summary>What the service that runs now, or that has ended last, wrote to its console.</summary>
    public virtual IReadOnlyList<string> ApiLog => Api.Log;

    public ApiClient Client => _client ?? throw new InvalidOperationException("The service is not running.");

    /// <summary>Both stores, read behind the service's back.</summary>
    public Stores Stores => StoresIn(DataFolder);

    /// <summary>The same with a copy of the data folder.</summary>
    public abstract Stores StoresIn(string dataFolder);

    /// <summary>The settings of the registry that GET /durability must show, as it names them.</summary>
    public abstract IReadOnlyList<string> RegistrySettings { get; }

    public virtual async Task StartApiAsync(params string[] wrapper)
    {
        _client?.Dispose();
        _api = await ApiProcess.StartAsync(DataFolder, Settings, wrapper);
        ConnectTo(_api.Address);
    }

    /// <summary>Starts it although it is not expected to become ready.</summary>
    public ApiProcess LaunchApi(params string[] wrapper)
    {
        _client?.Dispose();
        _client = null;
        return _api = ApiProcess.Launch(DataFolder, Settings, wrapper);
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>The exit code.</returns>
    public virtual Task<int> StopApiAsync() => Api.StopAsync();

    /// <summary>SIGKILL.</summary>
    public virtual Task KillApiAsync() => Api.KillAsync();

    /// <summary>Completes when the service has ended by itself.</summary>
    /// <returns>The exit code.</returns>
    public virtual Task<int> ApiEndedAsync() => Api.WaitForExitAsync();

    public virtual async Task RestartAsync(bool kill = false)
    {
        if (kill)
        {
            await KillApiAsync();
        }
        else
        {
            Assert.Equal(0, await StopApiAsync());
        }

        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        await StartApiAsync();
    }

    /// <summary>What the store itself finds wrong with the registry's data; empty when it is sound.</summary>
    public abstract IReadOnlyList<string> RegistryDamage();

    public Task DeliveredAsync(TimeSpan? patience = null) =>
        Eventually.TrueAsync(() => Stores.JournalCount("outbox WHERE delivered_at IS NULL") == 0, "the outbox is delivered", patience);

    public virtual async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A client of its own: no shared connection survives the process that it was opened to.</summary>
    protected void ConnectTo(Uri address)
    {
        _client?.Dispose();
        _client = new(address, Settings.GetValueOrDefault("AfirGen:ApiKey"));
    }

    protected static async Task<T> StartedAsync<T>(T stack)
        where T : TestStack
    {
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
}
