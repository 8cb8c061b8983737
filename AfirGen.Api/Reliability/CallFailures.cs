namespace AfirGen.Api.Reliability;

/// <summary>
/// The dependency works and cannot serve this one request (too long, not an image): no reason to call it broken,
/// so the circuit breaker does not count it, and no reason to ask again.
/// </summary>
internal class RequestFaultException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The dependency answered with an HTTP status that is not a success. The body is left out: it may repeat the complaint.</summary>
internal sealed class DependencyAnswerException(int status) : Exception($"it answered HTTP {status}")
{
    public int Status { get; } = status;

    /// <summary>Whether the same request may succeed later: 408, 429 and 5xx. A wrong key or address stays wrong.</summary>
    public bool IsTransient => Status is 408 or 429 or >= 500;

    /// <summary>400, 413, 415 and 422 speak about the request, every other status about the dependency.</summary>
    public static Exception For(int status) =>
        status is 400 or 413 or 415 or 422
            ? new RequestFaultException($"it refused this request with HTTP {status}")
            : new DependencyAnswerException(status);
}
