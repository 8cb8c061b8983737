using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>Texts that software likes to damage, and the three ways in which a text can be handed in.</summary>
internal static class Texts
{
    public static readonly string[] Channels = ["multipart", "url-encoded", "json"];

    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["Devanagari"] = "मेरा नाम रमेश कुमार है। मेरा मोबाइल चोरी हो गया। क्षत्रिय ज़िला, ₹५००",
        ["Tamil"] = "என் பெயர் குமார். என் வண்டி திருடப்பட்டது. ஸ்ரீ க்ஷ",
        ["emoji joined by ZWJ"] = "Family 👨‍👩‍👧‍👦 flag 🇮🇳 keycap 1️⃣ tone 👍🏽 heart ❤️",
        ["combining marks"] = "Zalgo: Z̸̛̙a̷̡͠l̴̰̍g̵̦͝o̶͓͐ and क\u094D\u200Dष",
        ["NFC"] = "Jos\u00E9 \u00C5str\u00F6m \u0958",
        ["NFD"] = "Jose\u0301 A\u030Astro\u0308m \u0915\u093C",
        ["Windows lines"] = "First line.\r\nSecond line.\r\n\r\nFourth line.\r\n",
        ["Unix lines"] = "First line.\nSecond line.\n\nFourth line.\n",
        ["all line ends"] = "a\rb\nc\r\nd\u2028e\u2029f\u0085g\vh\fi",
        ["tabs and blanks"] = "\t two  blanks,\ta tab \u00A0 no-break \u3000 ideographic",
        ["leading and trailing blanks"] = "  \n I was robbed.  \n ",
        ["quotes"] = "He said \"I'll\" and ‘you’ll’ “pay” `now` \\ back\\\\slash %41 %zz +plus &amp; &lt;",
        ["script"] = "</script><script>alert('x')</script><img src=x onerror=alert(1)> javascript:x",
        ["O'Brien"] = "O'Brien & \"x\" <b> ]]> {{7*7}} ${x} '; DROP TABLE fir_records; --",
        ["honest equals"] = "The amount one = five hundred. onclick = yes; eval(this)",
        ["right to left"] = "اسم میرا علی ہے \u202Eabc\u202C שלום \u200F1 < 2\u200E",
        ["NUL and controls"] = "before\0after \u0001\u0008\u001B[31m\u007F end",
        ["NUL in a long text"] = new string('x', 3000) + "\0" + new string('y', 3000),
        ["byte order mark and non-characters"] = "\uFEFFstart \uFFFE \uFFFF \uFFFD end\uFEFF",
        ["one character"] = "क",
        ["50,000 characters of four bytes"] = string.Concat(Enumerable.Repeat("😀", 50_000)),
        ["50,000 quotes"] = new string('"', 50_000),
    };

    public static Task<Reply> ProcessAsync(ApiClient client, string channel, string text, string? key = null) =>
        channel switch
        {
            "multipart" => client.ProcessAsync(text, key),
            "url-encoded" => client.SendAsync(HttpMethod.Post, "/process", new FormUrlEncodedContent([new("text", text)]), key),
            "json" => client.PostAsync("/process", new JsonObject { ["text"] = text }, key),
            _ => throw new ArgumentOutOfRangeException(nameof(channel)),
        };

    /// <summary>A page's preformatted text, as a browser would show it.</summary>
    public static string Preformatted(string html)
    {
        var start = html.IndexOf("<pre>", StringComparison.Ordinal) + "<pre>".Length;
        return WebUtility.HtmlDecode(html[start..html.LastIndexOf("</pre>", StringComparison.Ordinal)]);
    }

    /// <summary>As pages show it: what would turn the order around is named.</summary>
    public static string Readable(string text) =>
        text.Replace("\u202E", "[U+202E]", StringComparison.Ordinal).Replace("\u202C", "[U+202C]", StringComparison.Ordinal);

    /// <summary>Compares bytes, and reports the first difference instead of two books.</summary>
    public static void AssertSame(string expected, string? actual, string where)
    {
        var (wanted, got) = (Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(actual ?? ""));
        var at = wanted.AsSpan().CommonPrefixLength(got);
        Assert.True(wanted.AsSpan().SequenceEqual(got), $"{where}: {wanted.Length} bytes became {got.Length}; they differ at byte {at}.");
    }
}
