using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace AfirGen.Bench.Load;

/// <param name="Body">Valid until the connection's next request.</param>
/// <param name="InRegistry">It says that the registry has what was written, not the journal alone.</param>
internal readonly record struct WireReply(int Status, ReadOnlyMemory<byte> Body, bool InRegistry);

/// <summary>
/// One HTTP/1.1 connection that is kept open. Does only what a load generator needs, since every cycle that it burns is missing in the
/// service on the other core.
/// </summary>
internal sealed class HttpConnection(IPEndPoint server) : IDisposable
{
    private Socket? _socket;
    private byte[] _buffer = new byte[64 * 1024];
    private int _filled;

    public async ValueTask<WireReply> SendAsync(ReadOnlyMemory<byte> request)
    {
        if (_socket is null)
        {
            _socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await _socket.ConnectAsync(server);
        }

        for (var sent = 0; sent < request.Length; )
        {
            sent += await _socket.SendAsync(request[sent..]);
        }

        _filled = 0;
        int head;
        while ((head = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await FillAsync();
        }

        head += 4;
        var status = ParseNumber(_buffer.AsSpan("HTTP/1.1 ".Length, 3));
        var close = Header("Connection: ", head).StartsWith("close"u8);
        var inRegistry = Header("X-Durability: ", head).SequenceEqual("registry"u8);
        var reply = Header("Content-Length: ", head) is { Length: > 0 } length
            ? new WireReply(status, await BodyAsync(head, ParseNumber(length)), inRegistry)
            : new(status, Header("Transfer-Encoding: ", head).IsEmpty ? default : await ChunksAsync(head), inRegistry);
        if (close)
        {
            Dispose();
        }

        return reply;
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async ValueTask<ReadOnlyMemory<byte>> BodyAsync(int from, int length)
    {
        while (_filled < from + length)
        {
            await FillAsync();
        }

        return _buffer.AsMemory(from, length);
    }

    /// <summary>Puts the chunks together at the place of the first one.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> ChunksAsync(int from)
    {
        for (int read = from, written = from; ; )
        {
            int line;
            while ((line = _buffer.AsSpan(read, _filled - read).IndexOf("\r\n"u8)) < 0)
            {
                await FillAsync();
            }

            _ = Utf8Parser.TryParse(_buffer.AsSpan(read, line), out int size, out _, 'X');
            read += line + 2;
            await BodyAsync(read, size + 2);
            if (size == 0)
            {
                return _buffer.AsMemory(from, written - from);
            }

            Buffer.BlockCopy(_buffer, read, _buffer, written, size);
            written += size;
            read += size + 2;
        }
    }

    private async ValueTask FillAsync()
    {
        if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await _socket!.ReceiveAsync(_buffer.AsMemory(_filled));
        _filled += read > 0 ? read : throw new IOException("The service closed the connection before it answered.");
    }

    private ReadOnlySpan<byte> Header(string name, int head)
    {
        var span = _buffer.AsSpan(0, head);
        var at = span.IndexOf(System.Text.Encoding.ASCII.GetBytes("\r\n" + name));
        if (at < 0)
        {
            return [];
        }

        var value = span[(at + 2 + name.Length)..];
        return value[..value.IndexOf("\r\n"u8)];
    }

    private static int ParseNumber(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out int number, out _) ? number : throw new IOException("No HTTP answer.");
}
