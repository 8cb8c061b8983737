using System.Text;
using System.Text.Json;
using static AfirGen.Tests.Scenarios.BadRequest;

namespace AfirGen.Tests.Scenarios;

/// <summary>The contract's limits, one request beyond each.</summary>
internal static class BadRequests
{
    private const string Multipart = "multipart/form-data; boundary=x";
    private const string UnknownSession = "00000000-0000-4000-8000-000000000000";
    private static readonly string TooLong = new('a', 50_001);
    private static readonly string TooLongInFourBytes = string.Concat(Enumerable.Repeat("😀", 50_001));
    private static readonly string[] TextLimit = ["text", "50000"];
    private static readonly string[] ExactlyOne = ["exactly one of text, image, audio"];
    private static readonly string[] LongFields = ["narrative", "summary", "property", "witnesses", "action_taken", "beat"];

    public static IReadOnlyList<BadRequest> All { get; } =
    [.. Texts(), .. Bodies(), .. Files(), .. Decisions(), .. Registrations(), .. Paths()];

    private static IEnumerable<BadRequest> Texts() =>
        [
            Form("empty text", [("text", new StringContent(""))], 400, "bad-input", TextLimit),
            Form("white space only", [("text", new StringContent(" \r\n\t\u3000"))], 400, "bad-input", TextLimit),
            Form("50,001 characters", [("text", new StringContent(TooLong))], 413, "too-large", TextLimit),
            Form("50,001 of four bytes", [("text", new StringContent(TooLongInFourBytes))], 413, "too-large", TextLimit),
            Post("empty JSON text", "/process", """{"text":""}""", 400, "bad-input", TextLimit),
            Post("JSON text too long", "/process", $$"""{"text":"{{TooLong}}"}""", 413, "too-large", TextLimit),
            Post("JSON text too long in four bytes", "/process", $$"""{"text":"{{TooLongInFourBytes}}"}""", 413, "too-large", TextLimit),
            UrlEncoded("empty url-encoded text", "text=", 400, "bad-input", TextLimit),
            UrlEncoded("url-encoded text too long", $"text={TooLong}", 413, "too-large", TextLimit),
            UrlEncoded("url-encoded, longer than can be", $"text={new string('%', 700_000)}", 413, "too-large", TextLimit),
            UrlEncoded("url-encoded, no UTF-8", "text=a%ff", 400, "bad-input", "text", "UTF-8"),
            UrlEncoded("url-encoded, half a surrogate", "text=%ED%A0%80", 400, "bad-input", "text", "UTF-8"),
            UrlEncoded("url-encoded twice", "text=a&text=b", 400, "bad-input", ExactlyOne),
            UrlEncoded("url-encoded, unknown field", "text=a&language=hi", 400, "bad-input", "language"),
            UrlEncoded("url-encoded, nothing", "", 400, "bad-input", ExactlyOne),
            Form("no UTF-8 in a text", [("text", Raw("text/plain", [(byte)'a', 0xC3, 0x28]))], 400, "bad-input", "text", "UTF-8"),
            Form("half a surrogate in a text", [("text", Raw("text/plain", [0xED, 0xA0, 0x80]))], 400, "bad-input", "text", "UTF-8"),
            Form("two texts", [("text", new StringContent("a")), ("text", new StringContent("b"))], 400, "bad-input", ExactlyOne),
            Form(
                "text and image",
                [("text", new StringContent("a")), ("image", Raw("image/png", Uploads.Letter))],
                400,
                "bad-input",
                ExactlyOne
            ),
            Form("unknown field", [("language", new StringContent("hi"))], 400, "bad-input", "'language'", "unknown"),
            Form("text and unknown field", [("text", new StringContent("a")), ("x", new StringContent("b"))], 400, "bad-input", "'x'"),
            Form("no field", [], 400, "bad-input", ExactlyOne),
        ];

    private static IEnumerable<BadRequest> Bodies() =>
        [
            Process("missing boundary", "multipart/form-data", "--x"u8.ToArray(), 400, "bad-input", "boundary"),
            Process(
                "boundary of 5,000",
                $"multipart/form-data; boundary={new string('b', 5000)}",
                "--b"u8.ToArray(),
                400,
                "bad-input",
                "70"
            ),
            Process(
                "truncated multipart",
                Multipart,
                "--x\r\nContent-Disposition: form-data; name=text\r\n\r\nhalf a"u8.ToArray(),
                400,
                "bad-input",
                "cut off"
            ),
            Process("empty multipart", Multipart, [], 400, "bad-input", "form"),
            Process("no multipart at all", Multipart, "hello"u8.ToArray(), 400, "bad-input", "form"),
            Process("plain text", "text/plain", "hello"u8.ToArray(), 415, "unsupported-media", "multipart/form-data", "application/json"),
            Process("no content type", null, "hello"u8.ToArray(), 415, "unsupported-media", "Content-Type"),
            Post("malformed JSON", "/process", """{"text":""", 400, "bad-input", "line 1"),
            Post("JSON null", "/process", "null", 400, "bad-input", "null"),
            Post("JSON array", "/process", """["a"]""", 400, "bad-input", "body"),
            Post("JSON member null", "/process", """{"text":null}""", 400, "bad-input", "text"),
            Post("JSON of a wrong type", "/process", """{"text":5}""", 400, "bad-input", "text"),
            Post("unknown JSON member", "/process", """{"text":"a","language":"hi"}""", 400, "bad-input", "language"),
            Post("duplicate JSON member", "/process", """{"text":"a","text":"b"}""", 400, "bad-input", "text"),
            Post("missing JSON member", "/process", "{}", 400, "bad-input", "text"),
            Post("two missing JSON members", "/validate", "{}", 400, "bad-input", "not there, and wanted: 'session_id', 'approved'."),
            Post(
                "unknown member of a decision",
                "/validate",
                """{"session_id":"x","approved":true,"x":1}""",
                400,
                "bad-input",
                "x: there is no such field."
            ),
            Post("null member of a decision", "/validate", """{"session_id":null,"approved":true}""", 400, "bad-input", "session_id: null"),
            Post("lone surrogate", "/process", """{"text":"a\ud800b"}""", 400, "bad-input", "text"),
            Post("lone low surrogate", "/process", """{"text":"\udc00"}""", 400, "bad-input", "text"),
            Post("comment in JSON", "/process", """{"text":"a"/* */}""", 400, "bad-input", "line 1"),
            Process("no UTF-8 in JSON", "application/json", [.. "{\"text\":\"a"u8, 0xFF, .. "\"}"u8], 400, "bad-input", "text"),
            Process(
                "JSON of 2 MiB",
                "application/json",
                Encoding.UTF8.GetBytes(new string(' ', 2 << 20)),
                413,
                "too-large",
                "body",
                "1048576"
            ),
        ];

    private static IEnumerable<BadRequest> Files() =>
        [
            File("image", "a.jpg", "image/jpeg", Uploads.Letter, 415, "unsupported-media", "image", ".jpg", "PNG"),
            File("image", "a.png", "image/png", "Just text"u8.ToArray(), 415, "unsupported-media", "image", ".png"),
            File("image", "a.gif", "image/gif", "GIF89a"u8.ToArray(), 415, "unsupported-media", "image", ".jpg, .jpeg, .png"),
            File("image", "a.png", "image/jpeg", Uploads.Letter, 415, "unsupported-media", "image", "image/jpeg"),
            File("image", "a.png", "image/png", [], 415, "unsupported-media", "image", "empty"),
            File("audio", "a.wav", "audio/wav", "ID3 no wave"u8.ToArray(), 415, "unsupported-media", "audio", ".wav"),
            File("audio", "a.png", "image/png", Uploads.Letter, 415, "unsupported-media", "audio", ".wav, .mp3, .mpeg"),
            File("image", "a.wav", "audio/wav", Uploads.Recording, 415, "unsupported-media", "image"),
            File("image", "../a.png", "image/png", Uploads.Letter, 400, "bad-input", "image", "path"),
            File("image", $"{new string('n', 300)}.png", "image/png", Uploads.Letter, 400, "bad-input", "image", "255"),
            File("image", "a.png", "image/png", [.. Uploads.Letter, .. new byte[26 << 20]], 413, "too-large", "at most"),
            File("image", "a.png", "image/png", [.. Uploads.Letter, .. new byte[25 << 20]], 413, "too-large", "image", "25 MiB"),
        ];

    private static IEnumerable<BadRequest> Decisions() =>
        [
            Validate(
                "user_input of 10,001",
                $$"""{"session_id":"{session}","approved":false,"user_input":"{{new string('u', 10_001)}}"}""",
                "user_input",
                "10000"
            ),
            Fields("unknown field of the form", """{"beat":"1","moon":"2"}""", "fields.moon", "no field of the form"),
            Fields("field of the service", """{"fir_number":"FIR-1"}""", "fields.fir_number", "cannot be set"),
            Fields("two lines where one is", """{"complainant_name":"Asha\nRao"}""", "fields.complainant_name", "one line"),
            Fields("another break where one line is", """{"beat_number":"1\u20282"}""", "fields.beat_number", "one line"),
            Fields("field under two names", """{"beat":"1","Beat no.":"2"}""", "fields.Beat no.", "twice"),
            Fields("duplicate field", """{"beat":"1","beat":"2"}""", "beat"),
            Fields("field null", """{"beat":null}""", "fields.beat", "null"),
            Fields("field as number", """{"beat":17}""", "beat"),
            Fields("fields as list", """["beat"]""", "fields"),
            Fields("field of 10,001", $$"""{"narrative":"{{new string('n', 10_001)}}"}""", "fields.narrative", "10000"),
            Fields(
                "fields of 50,001",
                JsonSerializer.Serialize(LongFields.ToDictionary(name => name, name => new string('n', name == "beat" ? 1 : 10_000))),
                "fields:",
                "50000"
            ),
            Validate("approved as text", """{"session_id":"{session}","approved":"yes"}""", "approved"),
            Validate("approved missing", """{"session_id":"{session}"}""", "approved"),
            Validate("unknown step", """{"session_id":"{session}","approved":true,"step":"signing"}""", "step", "final_review"),
            Validate("unknown member", """{"session_id":"{session}","approved":true,"version":1}""", "version"),
            Validate("duplicate member", """{"session_id":"{session}","approved":false,"approved":true}""", "approved"),
            Validate("no UUID", """{"session_id":"42","approved":true}""", "session_id", "UUID"),
            Validate("UUID in braces", """{"session_id":"{{session}}","approved":true}""", "session_id"),
            Validate("UUID with blanks", """{"session_id":" {session} ","approved":true}""", "session_id"),
            Validate("lone surrogate in user_input", """{"session_id":"{session}","approved":false,"user_input":"\ud800"}""", "user_input"),
            Post("unknown session", "/validate", $$"""{"session_id":"{{UnknownSession}}","approved":true}""", 404, "not-found", "Session"),
            Post(
                "another step",
                "/validate",
                """{"session_id":"{session}","approved":true,"step":"final_review"}""",
                409,
                "step-not-current",
                "transcript_review"
            ),
            Post("regenerate a later step", "/regenerate/{session}?step=final_review", "{}", 409, "step-not-current", "final_review"),
            Post("regenerate without a step", "/regenerate/{session}", "{}", 400, "bad-input", "step"),
            Post("regenerate an unknown step", "/regenerate/{session}?step=x", "{}", 400, "bad-input", "step"),
            Post("regenerate, unknown query", "/regenerate/{session}?step=transcript_review&x=1", "{}", 400, "bad-input", "'x'"),
            Post(
                "regenerate, step twice",
                "/regenerate/{session}?step=transcript_review&step=summary_review",
                "{}",
                400,
                "bad-input",
                "step"
            ),
            Post(
                "regenerate, input in query and body",
                "/regenerate/{session}?step=transcript_review&user_input=a",
                """{"user_input":"b"}""",
                400,
                "bad-input",
                "user_input"
            ),
            new(
                "regenerate, a form nobody reads",
                415,
                "unsupported-media",
                ["application/json"],
                (client, journey) =>
                    client.SendAsync(
                        HttpMethod.Post,
                        $"/regenerate/{journey.SessionId}?step=transcript_review",
                        new FormUrlEncodedContent([new("user_input", "lost")])
                    )
            ),
            Post("resume a session that did not expire", "/session/{session}/resume", "{}", 409, "wrong-state", "not expired"),
            WithHeader("malformed If-Match", "If-Match", "W/\"7\"", 400, "bad-input", "If-Match"),
            WithHeader("stale If-Match", "If-Match", "\"v1\"", 412, "stale", "If-Match", "version 2"),
            WithHeader("key of 256", "Idempotency-Key", new string('k', 256), 400, "bad-input", "Idempotency-Key", "255"),
            WithHeader("empty key", "Idempotency-Key", "", 400, "bad-input", "Idempotency-Key", "255"),
        ];

    private static IEnumerable<BadRequest> Registrations() =>
        [
            Authenticate("auth_key of 7", "{fir}", new string('k', 7), 400, "bad-input", "auth_key", "8 to 256"),
            Authenticate("auth_key of 257", "{fir}", new string('k', 257), 400, "bad-input", "auth_key", "8 to 256"),
            Authenticate("wrong auth_key", "{fir}", "not the right key", 401, "wrong-key", "Invalid authentication key"),
            Authenticate("shape of the number", "FIR-0A1B2C3D-20261016100000", "whatever-key", 400, "bad-input", "fir_number"),
            Authenticate("unknown number", "FIR-0a1b2c3d-20261016100000", Stack.EmbeddedStack.AuthKey, 404, "not-found", "FIR not found"),
            Authenticate("not approved yet", "{fir}", Stack.EmbeddedStack.AuthKey, 409, "wrong-state", "transcript_review"),
            Post("null auth_key", "/authenticate", """{"fir_number":"{fir}","auth_key":null}""", 400, "bad-input", "auth_key"),
        ];

    private static IEnumerable<BadRequest> Paths() =>
        [
            Get("/list_firs?limit=0", 400, "bad-input", "limit", "1 to 100"),
            Get("/list_firs?limit=101", 400, "bad-input", "limit", "1 to 100"),
            Get("/list_firs?limit=x", 400, "bad-input", "limit", "1 to 100"),
            Get("/list_firs?limit=1&limit=2", 400, "bad-input", "limit"),
            Get("/ledger/verify?from=x", 400, "bad-input", "from: a value of another type is wanted."),
            Get("/list_firs?offset=-1", 400, "bad-input", "offset", "from 0"),
            Get("/list_firs?offset=99999999999", 400, "bad-input", "offset"),
            Get("/list_firs?after=", 400, "bad-input", "after"),
            Get("/list_firs?after=x", 400, "bad-input", "after", "FIR-"),
            Get("/list_firs?after=FIR-00000000-00000000000000", 404, "not-found", "after"),
            Get("/list_firs?after=FIR-00000000-00000000000000&offset=1", 400, "bad-input", "after", "offset"),
            Get($"/firs?number={new string('x', 65)}", 400, "bad-input", "number", "65", "64"),
            Get("/firs?status=lost", 400, "bad-input", "status", "draft, pending, finalized"),
            Get("/firs?from=yesterday", 400, "bad-input", "from", "2026-10-16"),
            Get("/session/42/status", 400, "bad-input", "session_id"),
            Get($"/session/{UnknownSession}/status", 404, "not-found", "Session"),
            Get("/fir/FIR-12345678-2026", 400, "bad-input", "fir_number", "14 digits"),
            Get("/fir/FIR-1234567g-20261016100000/content", 400, "bad-input", "fir_number"),
            Get("/fir/FIR-12345678-20261016100000%0A", 400, "bad-input", "fir_number"),
            Get("/fir/FIR-12345678-20261016100000", 404, "not-found", "FIR"),
            Get("/view_fir/FIR-12345678-20261016100000", 404, "not-found", "FIR"),
            Get("/nowhere", 404, "not-found", "path"),
            Get("/process", 405, "method-not-allowed", "method"),
            Post("wrong method", "/list_firs", "{}", 405, "method-not-allowed", "Allow"),
            Post("unknown breaker", "/reliability/circuit-breaker/coffee/reset", "{}", 404, "not-found", "coffee", "model_server"),
            Post("unknown recovery", "/reliability/auto-recovery/coffee/trigger", "{}", 404, "not-found", "coffee", "database"),
        ];

    private static BadRequest Fields(string name, string fields, params string[] details) =>
        Validate(name, """{"session_id":"{session}","approved":false,"fields":""" + fields + "}", details);

    private static BadRequest Validate(string name, string json, params string[] details) =>
        Post(name, "/validate", json, 400, "bad-input", details);

    private static BadRequest Authenticate(
        string name,
        string firNumber,
        string authKey,
        int status,
        string type,
        params string[] details
    ) => Post(name, "/authenticate", $$"""{"fir_number":"{{firNumber}}","auth_key":"{{authKey}}"}""", status, type, details);

    private static BadRequest UrlEncoded(string name, string body, int status, string type, params string[] details) =>
        Process(name, "application/x-www-form-urlencoded", Encoding.UTF8.GetBytes(body), status, type, details);

    private static BadRequest WithHeader(string name, string header, string value, int status, string type, params string[] details) =>
        new(
            name,
            status,
            type,
            details,
            (client, journey) =>
                client.SendAsync(
                    HttpMethod.Post,
                    "/validate",
                    Json($$"""{"session_id":"{{journey.SessionId}}","approved":true}"""),
                    null,
                    (header, value)
                )
        );
}
