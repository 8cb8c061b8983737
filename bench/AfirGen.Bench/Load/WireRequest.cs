using System.Text;
using System.Text.Json;

namespace AfirGen.Bench.Load;

/// <summary>Requests as bytes, and what is looked for in their answers.</summary>
internal static class WireRequest
{
    private static readonly byte[] SessionId = "\"session_id\":\""u8.ToArray();
    private static readonly byte[] Next = "\"next\":\""u8.ToArray();
    private static readonly byte[] FirNumber = "\"fir_number\":\""u8.ToArray();

    public static byte[] Get(string path) => Encoding.UTF8.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    /// <param name="key">Idempotency key; null for none.</param>
    public static byte[] Post(string path, string json, string? key)
    {
        var body = Encoding.UTF8.GetBytes(json);
        var idempotency = key is null ? "" : $"Idempotency-Key: {key}\r\n";
        var head = Encoding.UTF8.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{idempotency}Content-Length: {body.Length}\r\n\r\n"
        );
        return [.. head, .. body];
    }

    public static byte[] Process(string text, string? key) => Post("/process", $$"""{"text":{{Quote(text)}}}""", key);

    public static byte[] Approve(string sessionId, string? key) =>
        Post("/validate", $$"""{"session_id":"{{sessionId}}","approved":true}""", key);

    public static byte[] Register(string firNumber, string authKey, string? key) =>
        Post("/authenticate", $$"""{"fir_number":"{{firNumber}}","auth_key":"{{authKey}}"}""", key);

    /// <summary>The cursor behind the last record of a page.</summary>
    public static string NextOf(WireReply reply) => Member(reply, Next);

    public static string SessionIdOf(WireReply reply) => Member(reply, SessionId);

    public static string FirNumberOf(WireReply reply) => Member(reply, FirNumber);

    private static string Quote(string text) => JsonEncodedText.Encode(text) is var encoded ? $"\"{encoded}\"" : "";

    private static string Member(WireReply reply, byte[] name)
    {
        var body = reply.Body.Span;
        var at = body.IndexOf(name);
        if (reply.Status != 200 || at < 0)
        {
            throw new InvalidOperationException($"{reply.Status}: {Encoding.UTF8.GetString(body)}");
        }

        body = body[(at + name.Length)..];
        return Encoding.UTF8.GetString(body[..body.IndexOf((byte)'"')]);
    }
}
