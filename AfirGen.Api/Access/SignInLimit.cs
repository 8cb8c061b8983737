using System.Threading.RateLimiting;
using AfirGen.Api.Endpoints;

namespace AfirGen.Api.Access;

/// <summary>
/// How often one key may sign in and out. Both routes are open to everybody, so <see cref="RateLimit"/> does not count them, and each leaves a
/// record for good: a loop shall not fill the log.
/// </summary>
internal sealed class SignInLimit : IDisposable
{
    /// <summary>Far above a station that shares one key and begins its shift.</summary>
    public const int PerMinute = 60;
    private static readonly SlidingLimit Minute = new(TimeSpan.FromMinutes(1), Segments: 6);
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(principal =>
        Minute.Partition(principal, PerMinute)
    );

    /// <returns>False when the request has been answered.</returns>
    public async Task<bool> AdmitsAsync(HttpContext context, Accessor accessor)
    {
        using var lease = _limiter.AttemptAcquire(accessor.Principal);
        if (lease.IsAcquired)
        {
            return true;
        }

        await Minute.RefuseAsync(
            context,
            lease,
            "sign-ins-per-minute",
            $"The key '{accessor.Name}' may sign in and out {PerMinute} times a minute."
        );
        return false;
    }

    public void Dispose() => _limiter.Dispose();
}
