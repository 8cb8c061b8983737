using System.Threading.RateLimiting;

namespace AfirGen.Api.Endpoints;

/// <summary>So many of something within a window that moves on by its segments, and the 429 for what is beyond that.</summary>
internal sealed record SlidingLimit(TimeSpan Window, int Segments)
{
    public static RateLimitPartition<string> None => RateLimitPartition.GetNoLimiter("unlimited");

    /// <param name="sender">Whose permits count together.</param>
    /// <param name="permits">0: as many as they like.</param>
    public RateLimitPartition<string> Partition(string sender, int permits) =>
        permits == 0
            ? None
            : RateLimitPartition.GetSlidingWindowLimiter(
                sender,
                _ => new SlidingWindowRateLimiterOptions
                {
                    PermitLimit = permits,
                    Window = Window,
                    SegmentsPerWindow = Segments,
                }
            );

    /// <param name="limit">Its name, for programs.</param>
    public Task RefuseAsync(HttpContext context, RateLimitLease lease, string limit, string detail) =>
        Problems.WriteAsync(
            context,
            RateLimit.Problem(limit, detail),
            lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Window / Segments
        );
}
