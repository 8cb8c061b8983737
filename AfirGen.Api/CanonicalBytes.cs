using System.Buffers;
using System.Globalization;
using System.Text;

namespace AfirGen.Api;

/// <summary>
/// What the hash of a record is computed from: a line that names the kind, then for each field its name, a colon, the number of its UTF-8
/// bytes, a colon, the bytes, and a line feed. The lengths keep two different records from ever having the same bytes.
/// </summary>
internal sealed class CanonicalBytes
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <param name="kind">With its version: <c>AFIRGEN-LEDGER-1</c>.</param>
    public CanonicalBytes(string kind)
    {
        Encoding.UTF8.GetBytes(kind, _bytes);
        _bytes.Write("\n"u8);
    }

    public CanonicalBytes Add(string name, string value)
    {
        Encoding.UTF8.GetBytes($"{name}:{Encoding.UTF8.GetByteCount(value)}:", _bytes);
        Encoding.UTF8.GetBytes(value, _bytes);
        _bytes.Write("\n"u8);
        return this;
    }

    public CanonicalBytes Add(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();
}
