using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AfirGen.Tests.Registry;

/// <summary>What happens to the connection when the client sends a command with that <see cref="CuttingProxy.CutAt"/> names.</summary>
internal enum Cut
{
    /// <summary>The command never arrives.</summary>
    BeforeServer,

    /// <summary>The command arrives; its answer is lost.</summary>
    AfterServer,

    /// <summary>The client is cut off at once, the command arrives a second later.</summary>
    Late,
}

/// <summary>A wire to MySQL that breaks at a chosen command, once. Plain text only.</summary>
internal sealed class CuttingProxy : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _serverPort;
    private int _cuts;

    public CuttingProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Whether to cut at this packet from the client; null: never.</summary>
    public Func<string, bool>? CutAt { get; set; }

    public Cut How { get; set; }

    /// <summary>How often to cut.</summary>
    public int Times { get; set; } = 1;

    /// <summary>After the last cut nobody gets through any more.</summary>
    public bool StayDown { get; set; }

    public int Cuts => _cuts;

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                if (StayDown && _cuts >= Times)
                {
                    client.Dispose();
                    continue;
                }

                _ = ServeAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        try
        {
            using (client)
            {
                await server.ConnectAsync(IPAddress.Loopback, _serverPort);
                var up = UpAsync(client, server.GetStream());
                var down = server.GetStream().CopyToAsync(client.GetStream(), _stop.Token);
                await await Task.WhenAny(up, down);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException) { }
    }

    private async Task UpAsync(TcpClient client, NetworkStream server)
    {
        var buffer = new byte[64 * 1024];
        var from = client.GetStream();
        int read;
        while ((read = await from.ReadAsync(buffer, _stop.Token)) > 0)
        {
            if (
                CutAt is { } here
                && _cuts < Times
                && here(Encoding.Latin1.GetString(buffer, 0, read))
                && Interlocked.Increment(ref _cuts) <= Times
            )
            {
                switch (How)
                {
                    case Cut.AfterServer:
                        client.Client.Shutdown(SocketShutdown.Send); // nothing of the server's gets back
                        await server.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
                        await Task.Delay(Delay / 4, _stop.Token);
                        break;
                    case Cut.Late:
                        client.Close();
                        await Task.Delay(Delay, _stop.Token);
                        await server.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
                        await Task.Delay(Delay, _stop.Token);
                        break;
                }

                return;
            }

            await server.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }
}
