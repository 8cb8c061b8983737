using Microsoft.Extensions.Logging;

namespace AfirGen.ServiceDefaults.Draining;

/// <summary>The log lines of a drain. Operators grep for them: the wording is part of the contract.</summary>
internal static partial class DrainLog
{
    [LoggerMessage(1, LogLevel.Information, "Graceful shutdown initiated. Active requests: {Active}")]
    public static partial void Initiated(this ILogger log, int active);

    [LoggerMessage(2, LogLevel.Information, "No active requests, shutting down immediately")]
    public static partial void NothingActive(this ILogger log);

    [LoggerMessage(3, LogLevel.Information, "Waiting for {Active} active requests to complete...")]
    public static partial void Waiting(this ILogger log, int active);

    [LoggerMessage(4, LogLevel.Information, "All requests completed, shutting down")]
    public static partial void AllCompleted(this ILogger log);

    [LoggerMessage(5, LogLevel.Warning, "Shutdown timeout reached with {Active} requests still active. Cancelling them.")]
    public static partial void TimeoutReached(this ILogger log, int active);

    [LoggerMessage(6, LogLevel.Warning, "Unfinished at the drain deadline: {Method} {Path} ({RequestId})")]
    public static partial void Unfinished(this ILogger log, string method, string path, string requestId);

    [LoggerMessage(7, LogLevel.Warning, "Cancelled requests ended within the grace: {Cancelled} did not complete on their own")]
    public static partial void CancelledEnded(this ILogger log, int cancelled);

    [LoggerMessage(8, LogLevel.Error, "{Abandoned} requests ignored their cancellation for {Grace} and were abandoned")]
    public static partial void Abandoned(this ILogger log, int abandoned, TimeSpan grace);

    [LoggerMessage(9, LogLevel.Error, "A cancellation callback of a request failed; the drain goes on")]
    public static partial void CallbackFailed(this ILogger log, Exception error);

    [LoggerMessage(10, LogLevel.Information, "Flushing all pending data to disk...")]
    public static partial void Flushing(this ILogger log);

    [LoggerMessage(11, LogLevel.Information, "Flush step {Step} done in {Duration}")]
    public static partial void StepDone(this ILogger log, string step, TimeSpan duration);

    [LoggerMessage(12, LogLevel.Error, "Flush step {Step} failed after {Duration}: {Reason}")]
    public static partial void StepFailed(this ILogger log, Exception error, string step, TimeSpan duration, string reason);

    [LoggerMessage(13, LogLevel.Information, "✅ All data successfully persisted to disk")]
    public static partial void AllPersisted(this ILogger log);

    [LoggerMessage(14, LogLevel.Error, "❌ Data flush failed: {Steps}")]
    public static partial void FlushFailed(this ILogger log, string steps);

    [LoggerMessage(15, LogLevel.Information, "Drain requested: {Reason}")]
    public static partial void Requested(this ILogger log, string reason);

    [LoggerMessage(16, LogLevel.Information, "Resumed after a drain, requests are admitted again")]
    public static partial void Resumed(this ILogger log);
}
