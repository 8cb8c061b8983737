using System.Globalization;
using System.Text;

namespace AfirGen.Api;

/// <summary>
/// What the hash of a record is computed from: a line that names the kind, then for each field its name, a colon, the number of its UTF-8
/// bytes, a colon, the bytes, and a line feed. The lengths keep two different records from ever having the same bytes.
/// </summary>
internal sealed class CanonicalBytes
{
    private readonly MemoryStream _bytes = new();

    /// <param name="kind">With its version: <c>AFIRGEN-LEDGER-1</c>.</param>
    public CanonicalBytes(string kind)
    {
        _bytes.Write(Encoding.ASCII.GetBytes(kind));
        _bytes.WriteByte((byte)'\n');
    }

    public CanonicalBytes Add(string name, string value)
    {
        var content = Encoding.UTF8.GetBytes(value);
        _bytes.Write(Encoding.ASCII.GetBytes($"{name}:{content.Length}:"));
        _bytes.Write(content);
        _bytes.WriteByte((byte)'\n');
        return this;
    }

    public CanonicalBytes Add(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    public byte[] ToArray() => _bytes.ToArray();
}
