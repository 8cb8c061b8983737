using AfirGen.Tests.Deploy;
using AfirGen.Tests.Stack;
using CliWrap;
using CliWrap.Buffered;
using Command = AfirGen.Tests.Stack.Command;

namespace AfirGen.Tests.Operations;

/// <summary>
/// A folder as a stranger has it, unpacked from the bundle, an image of the service as it is now, and names and a port that no other
/// deployment on this machine has. Whatever was brought up in it is taken away at the end.
/// </summary>
public sealed class PracticeDeployment : IAsyncLifetime
{
    private static readonly SemaphoreSlim OneBuild = new(1, 1);
    private readonly TemporaryFolder _folder = new();
    private readonly string _name = $"practice-{Guid.NewGuid():N}"[..17];
    private readonly FileStream _owner;

    // As long as it is open, eng/practice-sweep.sh lets the deployment be.
    public PracticeDeployment() => _owner = new(_folder.File("owner"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);

    public string Folder => _folder.File("afirgen-bundle");

    internal IReadOnlyDictionary<string, string?> Variables { get; private set; } = new Dictionary<string, string?>();

    public async ValueTask InitializeAsync()
    {
        var port = Docker.FreePort();
        // The document asks for port 8000, and here another one answers.
        await File.WriteAllTextAsync(_folder.File(".curlrc"), $"connect-to = \"localhost:8000:127.0.0.1:{port}\"\n");
        Variables = new Dictionary<string, string?>
        {
            ["CURL_HOME"] = _folder.Path,
            ["COMPOSE_PROJECT_NAME"] = _name,
            ["AFIRGEN_NAME"] = _name,
            ["AFIRGEN_IMAGE"] = $"{_name}:test",
            ["AFIRGEN_PUBLISH"] = $"127.0.0.1:{port}",
            // What test.sh has found out, or built, is no business of the deployment's.
            ["AFIRGEN_URL"] = null,
            ["AFIRGEN_DATA"] = null,
            ["AFIRGEN_API_KEY"] = null,
            ["AFIRGEN_FINALISATION_KEY"] = null,
            ["MYSQL_PWD"] = null,
        };
        await RunAsync(Repository.Root, Path.Combine(Repository.Root, "deploy", "bundle.sh"), "--files", Folder);
        await OneBuild.WaitAsync();
        try
        {
            // ./test.sh has published what the other tests run; who comes without it publishes now.
            var published = Environment.GetEnvironmentVariable("AFIRGEN_TEST_PROGRAM") is not null;
            string[] arguments = published ? ["--no-publish"] : [];
            await RunAsync(Repository.Root, [Path.Combine(Repository.Root, "eng", "api-image.sh"), .. arguments]);
        }
        finally
        {
            OneBuild.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Of a drill that failed half way.
        Command.Try("umount", "--lazy", Path.Combine(Folder, "small-disk"));
        if (File.Exists(Path.Combine(Folder, ".env")))
        {
            await RunAsync(Folder, "docker-compose", "down", "--volumes", "--remove-orphans", "--timeout", "5");
        }

        await Docker.TryAsync("rmi", "--force", $"{_name}:test", $"{_name}-fir_pipeline:before");
        await _owner.DisposeAsync();
        _folder.Dispose();
    }

    private async Task RunAsync(string folder, params string[] command)
    {
        var result = await Cli.Wrap(command[0])
            .WithArguments(command[1..])
            .WithWorkingDirectory(folder)
            .WithEnvironmentVariables(Variables)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', command)}: {result.StandardOutput}{result.StandardError}");
    }
}
