using System.Diagnostics;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.History;

internal enum RequestKind
{
    Process,
    Approve,
    Correct,
    Regenerate,
    Register,
}

/// <summary>What a client knows about one attempt.</summary>
internal enum Verdict
{
    /// <summary>Sent, no answer yet.</summary>
    Invoked,

    /// <summary>Acknowledged: from now on it must be there.</summary>
    Ok,

    /// <summary>Refused: it must never be there.</summary>
    Fail,

    /// <summary>The connection broke, or the answer claims nothing: it may be there or not, and the key tells.</summary>
    Unknown,
}

/// <param name="Key">The Idempotency-Key; unique over a whole history.</param>
/// <param name="Text">The complaint, or the officer's note; unique too, so that a second effect is seen. Null when there is none.</param>
/// <param name="Step">The step that an approval or a regeneration is for; null: the current one.</param>
/// <param name="Keyed">Whether the key is sent. Without it a request is attempted once only, and its key is just its name here.</param>
internal sealed record Request(
    string Key,
    RequestKind Kind,
    string? SessionId,
    string? FirNumber,
    string? Text,
    string? Step = null,
    bool Keyed = true
);

/// <param name="InvokedAt">Timestamp of <see cref="Stopwatch"/>, taken before it was sent.</param>
/// <param name="EndedAt">The same, after it was answered or broken; 0 while it is not.</param>
/// <param name="HungUp">The client itself broke the connection.</param>
/// <param name="Unreached">There was nobody to connect to, so no service ever had it.</param>
internal sealed record Attempt(
    Verdict Verdict,
    Reply? Answer,
    long InvokedAt = 0,
    long EndedAt = 0,
    bool HungUp = false,
    bool Unreached = false
);

/// <summary>One request through all of its attempts with the same key.</summary>
internal sealed record Operation(Request Request, IReadOnlyList<Attempt> Attempts)
{
    /// <summary>The first acknowledgement; null when there is none.</summary>
    public Reply? Acknowledged => Attempts.FirstOrDefault(a => a.Verdict == Verdict.Ok)?.Answer;

    /// <summary>Every attempt was refused.</summary>
    public bool IsRefused => Attempts.All(a => a.Verdict == Verdict.Fail);
}

/// <summary>What all clients did, in the manner of Jepsen: every attempt is invoked first and then ok, fail or unknown. Thread-safe.</summary>
/// <param name="log">Gets every event as it happens.</param>
internal sealed class OperationHistory(HistoryLog? log = null)
{
    // 503 for these reasons says that nothing happened (RESEARCH.md J.2); any other 5xx claims nothing.
    private static readonly string[] RefusedBeforeTheEffect =
    [
        "draining",
        "overloaded",
        "disk-full",
        "store-unavailable",
        "registry-unavailable",
        "not-ready",
    ];

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (Request Request, List<Attempt> Attempts)> _operations = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private int _invocations;
    private int _inFlight;

    public int Invocations => Volatile.Read(ref _invocations);

    /// <summary>Requests sent and not answered at this instant.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public IReadOnlyList<Operation> Operations
    {
        get
        {
            lock (_gate)
            {
                return [.. _operations.Values.Select(o => new Operation(o.Request, [.. o.Attempts]))];
            }
        }
    }

    public IReadOnlyList<Operation> Acknowledged => [.. Operations.Where(o => o.Acknowledged is not null)];

    /// <summary>Completes when so many attempts have been invoked.</summary>
    public Task WhenInvokedAsync(int count)
    {
        lock (_gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, reached));
            Announce();
            return reached.Task.WaitAsync(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Sends one attempt and writes down how it ended; a broken connection is an outcome, not an exception.</summary>
    public async Task<Attempt> AttemptAsync(Request request, Func<Request, Task<Reply>> send)
    {
        var (attempts, index) = Invoke(request);
        var invokedAt = attempts[index].InvokedAt;
        Attempt ended;
        try
        {
            var answer = await send(request);
            ended = new(VerdictOn(answer), answer, invokedAt, Stopwatch.GetTimestamp());
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            var hungUp = e is OperationCanceledException { InnerException: not TimeoutException };
            var unreached = e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };
            ended = new(Verdict.Unknown, null, invokedAt, Stopwatch.GetTimestamp(), hungUp, unreached);
        }

        log?.Ended(request, ended);
        lock (_gate)
        {
            attempts[index] = ended;
            _inFlight--;
        }

        return ended;
    }

    public static Verdict VerdictOn(Reply answer) =>
        answer.Status switch
        {
            200 => Verdict.Ok,
            409 when answer.ProblemType == "key-in-flight" => Verdict.Unknown, // of the other attempt
            >= 400 and < 500 => Verdict.Fail,
            503 when RefusedBeforeTheEffect.Contains(answer.ProblemType) => Verdict.Fail,
            _ => Verdict.Unknown,
        };

    private (List<Attempt> Attempts, int Index) Invoke(Request request)
    {
        log?.Invoked(request);
        lock (_gate)
        {
            if (!_operations.TryGetValue(request.Key, out var operation))
            {
                operation = (request, []);
                _operations.Add(request.Key, operation);
            }

            operation.Attempts.Add(new(Verdict.Invoked, null, Stopwatch.GetTimestamp()));
            _inFlight++;
            _invocations++;
            Announce();
            return (operation.Attempts, operation.Attempts.Count - 1);
        }
    }

    private void Announce()
    {
        foreach (var (_, reached) in _waiting.Where(w => w.Count <= _invocations))
        {
            reached.TrySetResult();
        }

        _waiting.RemoveAll(w => w.Count <= _invocations);
    }
}
