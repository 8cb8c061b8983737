namespace AfirGen.Api.Reliability;

/// <param name="Name">One of <see cref="DependencyNames"/>.</param>
/// <param name="State"><c>closed</c>, <c>open</c>, or <c>half_open</c>: the break is over and the next call is the trial.</param>
/// <param name="FailureCount">Consecutive failures; a success or a reset makes it 0.</param>
/// <param name="LastFailureTime">UTC; null when nothing has failed since the start.</param>
/// <param name="Threshold">Consecutive failures that open the breaker.</param>
/// <param name="RecoveryTimeout">Seconds for which an open breaker refuses calls.</param>
internal sealed record CircuitBreakerStatus(
    string Name,
    string State,
    int FailureCount,
    DateTimeOffset? LastFailureTime,
    int Threshold,
    double RecoveryTimeout
)
{
    public const string Closed = "closed";
    public const string Open = "open";
    public const string HalfOpen = "half_open";
}
