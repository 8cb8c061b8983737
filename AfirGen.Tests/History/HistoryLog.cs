using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AfirGen.Tests.History;

/// <summary>
/// The history as lines of JSON, appended as things happen, on a disk that is not under test: what was sent, what came back, what the
/// nemesis did, in one order. Thread-safe.
/// </summary>
internal sealed class HistoryLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _lines;
    private readonly long _began = Stopwatch.GetTimestamp();

    public HistoryLog(string path)
    {
        Path = path;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        _lines = new(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
    }

    public string Path { get; }

    public void Invoked(Request request) => Write("invoke", Operation(request));

    public void Ended(Request request, Attempt attempt)
    {
        var line = Operation(request);
        line["status"] = attempt.Answer?.Status;
        line["problem"] = attempt.Answer?.ProblemType is { Length: > 0 } problem ? problem : null;
        line["etag"] = attempt.Answer?.Headers.GetValueOrDefault("ETag");
        line["durability"] = attempt.Answer?.Headers.GetValueOrDefault("X-Durability");
        line["sha256"] = attempt.Answer is { } answer ? Convert.ToHexStringLower(SHA256.HashData(answer.Body)) : null;
        line["hung_up"] = attempt.HungUp ? true : null;
        Write(attempt.Verdict.ToString().ToLowerInvariant(), line);
    }

    public void Read(string what, string by, long shown, long floor) =>
        Write(
            "read",
            new()
            {
                ["of"] = what,
                ["by"] = by,
                ["shown"] = shown,
                ["at_least"] = floor,
            }
        );

    public void Nemesis(string what) => Write("nemesis", new() { ["does"] = what });

    public void Dispose()
    {
        lock (_gate)
        {
            _lines.Dispose();
        }
    }

    private static JsonObject Operation(Request request) =>
        new()
        {
            ["key"] = request.Key,
            ["kind"] = request.Kind.ToString().ToLowerInvariant(),
            ["session"] = request.SessionId,
            ["fir"] = request.FirNumber,
            ["keyed"] = request.Keyed ? null : false,
        };

    private void Write(string what, JsonObject line)
    {
        lock (_gate)
        {
            line["event"] = what;
            line["ms"] = Math.Round(Stopwatch.GetElapsedTime(_began).TotalMilliseconds, 3);
            foreach (var empty in line.Where(member => member.Value is null).Select(member => member.Key).ToList())
            {
                line.Remove(empty);
            }

            _lines.WriteLine(JsonSerializer.Serialize(line));
        }
    }
}
