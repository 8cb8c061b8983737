using AfirGen.Tests.Deploy;
using AfirGen.Tests.Registry;
using AfirGen.Tests.Stack;
using CliWrap;
using CliWrap.Buffered;
using CommandResult = AfirGen.Tests.Stack.CommandResult;

namespace AfirGen.Tests.Backup;

/// <summary><c>deploy/binlog.sh</c>, and a folder for its copies of a server's log.</summary>
internal sealed class BinlogDesk(string container, string database) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Archive => _folder.File("evidence");

    public async Task<CommandResult> RunAsync(params string[] arguments)
    {
        var result = await Cli.Wrap(Path.Combine(Repository.Root, "deploy", "binlog.sh"))
            .WithArguments(arguments)
            .WithEnvironmentVariables(
                new Dictionary<string, string?>
                {
                    ["MYSQL_CONTAINER"] = container,
                    ["MYSQL_DATABASE"] = database,
                    ["MYSQL_PWD"] = MySqlServer.RootPassword,
                }
            )
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        return new(result.ExitCode, result.StandardOutput, result.StandardError);
    }

    public void Dispose() => _folder.Dispose();
}
