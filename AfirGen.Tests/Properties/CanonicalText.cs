using System.Globalization;
using System.Text;

namespace AfirGen.Tests.Properties;

/// <summary>Reads canonical ledger bytes as docs/ledger.md describes them.</summary>
internal static class CanonicalText
{
    private const string Head = "AFIRGEN-LEDGER-1\n";

    /// <returns>The values in their order.</returns>
    public static List<string> Read(byte[] bytes)
    {
        Assert.Equal(Head, Encoding.UTF8.GetString(bytes, 0, Head.Length));
        var values = new List<string>();
        for (var at = Head.Length; at < bytes.Length; )
        {
            var name = Array.IndexOf(bytes, (byte)':', at);
            var digits = Array.IndexOf(bytes, (byte)':', name + 1);
            var length = int.Parse(bytes.AsSpan(name + 1, digits - name - 1), CultureInfo.InvariantCulture);
            values.Add(Encoding.UTF8.GetString(bytes, digits + 1, length));
            Assert.Equal((byte)'\n', bytes[digits + 1 + length]);
            at = digits + length + 2;
        }

        return values;
    }
}
