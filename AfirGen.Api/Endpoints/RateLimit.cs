using System.Globalization;
using System.Threading.RateLimiting;
using AfirGen.Api.Access;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Endpoints;

/// <summary>
/// One sliding minute for each API key, or each address where no key is wanted. What is public is never limited, nor is whoever drains: health
/// and a stop must not wait for a client that runs wild. Keys that are nobody's are <see cref="FailedKeys"/>'s.
/// </summary>
internal sealed class RateLimit(IOptions<ServiceOptions> service) : IConfigureOptions<RateLimiterOptions>
{
    /// <summary>Of a key when nothing is configured: far above people and batch jobs, far below a loop without a pause.</summary>
    public const int DefaultPerMinute = 60_000;
    private static readonly SlidingLimit Minute = new(TimeSpan.FromMinutes(1), Segments: 6);

    public void Configure(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = (rejected, _) => new(RefuseAsync(rejected.HttpContext, rejected.Lease));
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            LimitOf(context) is > 0 and var limit ? Minute.Partition(Sender(context), limit) : SlidingLimit.None
        );
    }

    /// <param name="limit">Its name, for programs.</param>
    public static ProblemDetails Problem(string limit, string detail)
    {
        var problem = Problems.Problem(429, "rate-limited", $"{detail} Nothing happened. Try again after the time in Retry-After.");
        problem.Extensions["limit"] = limit;
        return problem;
    }

    /// <summary>Whose requests count together: those of a key, or of an address where no key is wanted.</summary>
    public static string Sender(HttpContext context) => Key(context)?.Principal ?? RemoteAddress.NetworkOf(RemoteAddress.Of(context));

    private static Accessor? Key(HttpContext context) =>
        Accessor.Of(context) is { } accessor && accessor != Accessor.Local ? accessor : null;

    /// <returns>0: none.</returns>
    private int LimitOf(HttpContext context) =>
        PublicEndpoint.IsAt(context) ? 0 : service.Value.RateLimitPerMinute ?? (Key(context) is null ? 0 : DefaultPerMinute);

    private Task RefuseAsync(HttpContext context, RateLimitLease lease)
    {
        var limit = (service.Value.RateLimitPerMinute ?? DefaultPerMinute).ToString(CultureInfo.InvariantCulture);
        var who = Key(context) is { } key ? $"the key '{key.Name}'" : "one address";
        return Minute.RefuseAsync(context, lease, "requests-per-minute", $"More than the {limit} requests a minute that {who} may send.");
    }
}
