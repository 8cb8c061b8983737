using System.Net;
using System.Net.Sockets;
using CliWrap;
using CliWrap.Buffered;
using MySqlConnector;

namespace AfirGen.Tests.Stack;

/// <summary>The Docker command line, and what every container of ours needs.</summary>
internal static class Docker
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <returns>What it wrote.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var (succeeded, output, error) = await TryAsync(arguments);
        return succeeded ? output.Trim() : throw new InvalidOperationException($"docker {arguments[0]}: {error}");
    }

    public static async Task<(bool Succeeded, string Output, string Error)> TryAsync(params string[] arguments)
    {
        var result = await Cli.Wrap("docker").WithArguments(arguments).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        return (result.ExitCode == 0, result.StandardOutput, result.StandardError);
    }

    /// <summary>With everything in it; no complaint when there is none.</summary>
    public static Task RemoveAsync(string container) => TryAsync("rm", "--force", "--volumes", container);

    /// <exception cref="TimeoutException">The server in this container does not answer; the message has the end of its log.</exception>
    public static async Task WaitForMySqlAsync(string container, string connectionString)
    {
        try
        {
            await WaitForMySqlAsync(connectionString);
        }
        catch (OperationCanceledException e)
        {
            var (_, output, error) = await TryAsync("logs", "--tail", "40", container);
            throw new TimeoutException($"MySQL does not answer. The end of its log:\n{output}{error}", e);
        }
    }

    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task WaitForMySqlAsync(string connectionString)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                await using var connection = new MySqlConnection(connectionString + ";Pooling=false;ConnectionTimeout=2");
                await connection.OpenAsync(limit.Token);
                return;
            }
            catch (MySqlException)
            {
                await Task.Delay(100, limit.Token);
            }
        }
    }
}
