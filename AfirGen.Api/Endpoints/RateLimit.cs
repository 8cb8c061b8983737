using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Endpoints;

/// <summary>One sliding minute for each API key, or each address where no key is wanted. Health and liveness are never limited.</summary>
internal sealed class RateLimit(IOptions<ServiceOptions> service) : IConfigureOptions<RateLimiterOptions>
{
    /// <summary>Policy for those who try keys at the sign-in page.</summary>
    public const string SignIn = "sign-in";
    private const int SignInsPerMinute = 20;
    private const int Segments = 6;

    public void Configure(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.AddPolicy(
            SignIn,
            context =>
                RateLimitPartition.GetFixedWindowLimiter(
                    context.Connection.RemoteIpAddress?.ToString() ?? "",
                    _ => new FixedWindowRateLimiterOptions { PermitLimit = SignInsPerMinute, Window = TimeSpan.FromMinutes(1) }
                )
        );
        var limit = service.Value.RateLimitPerMinute;
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            limit == 0 || PublicEndpoint.IsAt(context)
                ? RateLimitPartition.GetNoLimiter("")
                : RateLimitPartition.GetSlidingWindowLimiter(
                    $"{ApiKeyMiddleware.Principal(context)}|{context.Connection.RemoteIpAddress}",
                    _ => new SlidingWindowRateLimiterOptions
                    {
                        PermitLimit = limit,
                        Window = TimeSpan.FromMinutes(1),
                        SegmentsPerWindow = Segments,
                    }
                )
        );
    }
}
