using System.Threading.RateLimiting;
using AfirGen.Api.Access;
using AfirGen.Api.Audit;
using AfirGen.Api.Drafting;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Endpoints;

/// <summary>
/// Lets in who knows the key of /authenticate. Wrong ones are recorded, and beyond a limit those of one key are looked at no more, a right one
/// neither: whoever has a registrar's key shall not find this one by trying. A long key nobody finds, so it is taken all the same.
/// </summary>
internal sealed class AuthKeyGate(FinalisationKey key, AuditTrail audit, IOptions<ServiceOptions> options) : IDisposable
{
    private static readonly SlidingLimit Limit = new(FailedKeys.Window, Segments: 10);
    private readonly PartitionedRateLimiter<HttpContext> _wrong = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        Limit.Partition(RateLimit.Sender(context), options.Value.FailedKeyLimit)
    );

    /// <returns>False when the request has been answered.</returns>
    /// <exception cref="Refusal">It is the wrong key.</exception>
    public async Task<bool> LetsInAsync(HttpContext context, string firNumber, string given)
    {
        var isRight = key.Matches(given);
        if (isRight && key.IsUnguessable)
        {
            return true;
        }

        using var lease = _wrong.AttemptAcquire(context, isRight ? 0 : 1); // none: only asks whether there is one left
        if (!lease.IsAcquired)
        {
            await Limit.RefuseAsync(
                context,
                lease,
                "failed-auth-keys",
                $"{options.Value.FailedKeyLimit} wrong values of auth_key came in {Limit.Window.TotalMinutes:0} minutes: none is looked at for now."
            );
            return false;
        }

        if (isRight)
        {
            return true;
        }

        await audit.RecordAsync(AuditedRequest.Entry(context, AuditActions.Register, firNumber, "wrong auth_key"));
        throw new Refusal(RefusalKind.WrongKey, "Invalid authentication key");
    }

    public void Dispose() => _wrong.Dispose();
}
