using System.Globalization;
using AfirGen.Tests.Registry;
using AfirGen.Tests.Stack;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AfirGen.Tests.AppHost.Aspire;

/// <summary>
/// The Aspire application as <c>dotnet run --project AfirGen.AppHost</c> starts it, with a data folder, a MySQL container and a volume of its
/// own. The service is a grandchild of the orchestrator's: it is stopped and started by resource commands, and killed by its process id.
/// </summary>
internal sealed class AspireStack : TestStack
{
    private const string Service = "api";
    private const string ApiKey = "test-api-key";
    private const string RootPassword = "test-root-password";
    private const int KilledExitCode = 128 + ApiProcess.SigKill;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // "Unknown" is what the orchestrator says of a stopped process whose end it did not see itself.
    private static readonly string[] Ended = [.. KnownResourceStates.TerminalStates, "Unknown"];
    private readonly string _container = $"afirgen-t-{Guid.NewGuid():N}"[..22];
    private DistributedApplication? _app;
    private string _firdb = "";
    private IReadOnlyList<string> _log = [];

    private AspireStack()
        : base(null)
    {
        Settings["AfirGen:ApiKey"] = ApiKey;
        Settings["AfirGen:Forwarding:MaxBackOff"] = "00:00:00.5"; // a test does not wait as long as an installation does
    }

    public override Stores Stores => new ContainerStack.MySqlStores(DataFolder, _firdb);

    public override IReadOnlyList<string> RegistrySettings => ["innodb_flush_log_at_trx_commit", "sync_binlog", "innodb_doublewrite"];

    public override IReadOnlyList<string> ApiLog => _log;

    /// <summary>Of the service itself, not of the <c>dotnet run</c> above it; null before it is ready and after a clean stop.</summary>
    public int? ServicePid =>
        File.Exists(RunningMarker) ? int.Parse(File.ReadAllText(RunningMarker).Split(' ')[1], CultureInfo.InvariantCulture) : null;

    private DistributedApplication App => _app ?? throw new InvalidOperationException("The application is not running.");

    private string RunningMarker => Path.Combine(DataFolder, "running");

    public static AspireStack Prepared() => new();

    /// <summary>The container's id: the same as long as it is the same container.</summary>
    public Task<string> ContainerIdAsync() => Docker.RunAsync("inspect", "--format", "{{.Id}} {{.State.Running}}", _container);

    public override async Task StartApiAsync(params string[] wrapper)
    {
        Assert.Empty(wrapper);
        if (_app is null)
        {
            await StartAppHostAsync();
        }
        else
        {
            await RequireAsync(KnownResourceCommands.StartCommand);
        }

        await ReadyAsync();
    }

    /// <summary>The command may answer with failure although the service is dead (it took longer than the orchestrator waits).</summary>
    public override async Task<int> StopApiAsync()
    {
        _ = await ExecuteAsync(KnownResourceCommands.StopCommand);
        return await ApiEndedAsync();
    }

    public override async Task KillApiAsync()
    {
        using var service = System.Diagnostics.Process.GetProcessById(ServicePid!.Value);
        service.Kill();
        await ApiEndedAsync();
    }

    /// <summary>
    /// The orchestrator tells the exit code of <c>dotnet run</c>, which it kills itself when a stop takes long. What the service left tells
    /// more: its running marker goes with exit code 0, and stays with every other one.
    /// </summary>
    public override async Task<int> ApiEndedAsync()
    {
        await Eventually.TrueAsync(() => !IsLocked(Path.Combine(DataFolder, "lock")), "the service has let go of its data folder");
        using var limit = new CancellationTokenSource(Patience);
        await App.ResourceNotifications.WaitForResourceAsync(Service, Ended, limit.Token);
        if (File.Exists(RunningMarker))
        {
            return KilledExitCode;
        }

        await LoggedAsync("Clean stop");
        return 0;
    }

    public override async Task RestartAsync(bool kill = false)
    {
        if (kill)
        {
            await base.RestartAsync(kill);
            return;
        }

        var before = ServicePid;
        await RequireAsync(KnownResourceCommands.RestartCommand);
        await RestartedAsync(before);
        Assert.Contains(ApiLog, line => line.Contains("the last run stopped cleanly", StringComparison.Ordinal));
    }

    /// <summary>Returns when a service other than <paramref name="before"/> is ready.</summary>
    public async Task RestartedAsync(int? before)
    {
        await Eventually.TrueAsync(() => ServicePid is { } now && now != before, "another process serves");
        await ReadyAsync();
    }

    public Task<ExecuteCommandResult> ExecuteAsync(string command) =>
        App.ResourceCommands.ExecuteCommandAsync(Service, command, TestContext.Current.CancellationToken);

    /// <summary>As Ctrl+C and another <c>dotnet run</c>.</summary>
    public async Task RestartAppHostAsync()
    {
        await StopAppHostAsync();
        await StartApiAsync();
    }

    public override IReadOnlyList<string> RegistryDamage() => ContainerStack.Damage(Stores);

    public override async ValueTask DisposeAsync()
    {
        await StopAppHostAsync();
        await RemoveAsync("rm", "--force", "--volumes", _container);
        await RemoveAsync("volume", "rm", "--force", $"{_container}-data");
        await base.DisposeAsync();
    }

    private async Task StartAppHostAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AfirGen_AppHost>(
            [
                $"--MySqlContainer={_container}",
                $"--DataFolder={DataFolder}",
                $"--Parameters:mysql-password={RootPassword}",
                $"--Parameters:api-key={ApiKey}",
                $"--Parameters:finalisation-key={AuthKey}",
            ],
            limit.Token
        );
        builder.CreateResourceBuilder<ProjectResource>(Service).WithEnvironment(context => Configure(context.EnvironmentVariables));
        _app = await builder.BuildAsync(limit.Token);
        await _app.StartAsync(limit.Token);
    }

    private async Task StopAppHostAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
            _app = null;
        }
    }

    /// <summary>Asked at each start of the service, so that a test can change its settings in between.</summary>
    private void Configure(Dictionary<string, object> environment)
    {
        foreach (var (name, value) in Settings)
        {
            environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }
    }

    private async Task ReadyAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await App.ResourceNotifications.WaitForResourceHealthyAsync(Service, limit.Token);
        _firdb = await App.GetConnectionStringAsync("firdb", limit.Token) ?? "";
        ConnectTo(App.GetEndpoint(Service, "http"));
        await Eventually.TrueAsync(async () => (await Client.GetAsync("/health")).Status == 200, "the service is ready");
        await LoggedAsync("Ready after");
    }

    /// <summary>The orchestrator hands console lines on a little later than they were written.</summary>
    private Task LoggedAsync(string text) =>
        Eventually.TrueAsync(
            async () =>
            {
                _log = await ReadLogAsync();
                return _log.Any(line => line.Contains(text, StringComparison.Ordinal));
            },
            $"the service writes \"{text}\""
        );

    private async Task<IReadOnlyList<string>> ReadLogAsync()
    {
        var api = App.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(resource => resource.Name == Service);
        var lines = new List<string>();
        await foreach (var some in App.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(api))
        {
            lines.AddRange(some.Select(line => line.Content));
        }

        return lines;
    }

    private async Task RequireAsync(string command)
    {
        var result = await ExecuteAsync(command);
        Assert.True(result.Success, $"{command} failed");
    }

    /// <summary>The kernel gives the service's lock back however it ends.</summary>
    private static bool IsLocked(string file)
    {
        try
        {
            using var taken = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static async Task RemoveAsync(params string[] arguments)
    {
        try
        {
            await Docker.RunAsync(arguments);
        }
        catch (InvalidOperationException e)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(e.Message); // the test's own failure matters more
        }
    }
}

/// <summary>One application at a time: each brings a MySQL and an orchestrator.</summary>
[CollectionDefinition(Name)]
public sealed class AspireTests
{
    public const string Name = "Aspire";
}
