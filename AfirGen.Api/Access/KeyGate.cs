using AfirGen.Api.Audit;
using AfirGen.Api.Endpoints;

namespace AfirGen.Api.Access;

/// <summary>What a key that somebody showed comes to: who it is, or why not.</summary>
/// <param name="Key">Also of a key that has lapsed; null when it is nobody's.</param>
/// <param name="BlockedUntil">Of <see cref="KeyRefusal.Limited"/>.</param>
internal readonly record struct KeyVerdict(AccessKey? Key, KeyRefusal? Refusal, DateTimeOffset? BlockedUntil = null)
{
    public Accessor? Accessor => Refusal is null ? Key?.Accessor : null;
}

/// <summary>Lets keys in, by header, cookie or form, and records those that are refused.</summary>
internal sealed class KeyGate(AccessKeys keys, FailedKeys failed, AuditTrail audit, TimeProvider clock)
{
    private readonly RepeatFilter _refused = new(TimeSpan.FromMinutes(1), clock);

    public KeyVerdict Judge(HttpContext context, string given)
    {
        var key = keys.Find(given);
        var address = RemoteAddress.Of(context);
        if (failed.BlockedUntil(address, key) is { } until)
        {
            return new(null, KeyRefusal.Limited, until);
        }

        var verdict = JudgeSession(key);
        if (verdict.Accessor is not null)
        {
            failed.Taken(address, key!);
        }

        return verdict;
    }

    /// <summary>Of somebody who signed in with it before: no guess, so nothing limits it.</summary>
    public KeyVerdict Judge(string principal) => JudgeSession(keys.FindByPrincipal(principal));

    /// <summary>
    /// Counts and records a refusal. A key that is nobody's is recorded each time, and before the answer: a restart must not hand out new guesses.
    /// The rest is no guess, and recorded once a minute.
    /// </summary>
    /// <param name="shownIn">Header, cookie or form.</param>
    public async Task RefusedAsync(HttpContext context, KeyVerdict verdict, string shownIn)
    {
        var address = RemoteAddress.Of(context);
        var outcome = verdict.Refusal.ToString()!.ToLowerInvariant();
        var entry = AuditedRequest.Entry(context, verdict.Key?.Accessor, AuditActions.Refused, shownIn, outcome);
        if (verdict.Refusal == KeyRefusal.Unknown)
        {
            failed.Failed(address);
            await audit.RecordAsync(entry);
        }
        else
        {
            NoteOnce(entry);
        }
    }

    /// <summary>A key that is taken, and not for this.</summary>
    public void RoleMissing(HttpContext context, Role role) =>
        NoteOnce(AuditedRequest.Entry(context, AuditActions.Refused, "", $"no {string.Join(',', RoleNames.Of(role))}"));

    /// <summary>429 to an address from which too many keys came that were nobody's.</summary>
    public Task WriteLimitedAsync(HttpContext context, DateTimeOffset until) =>
        Problems.WriteAsync(
            context,
            RateLimit.Problem(
                "failed-keys",
                $"{failed.Limit} keys that are nobody's came from {RemoteAddress.Of(context)} in {FailedKeys.Window.TotalMinutes:0} minutes: no key from there is looked at for now."
            ),
            WaitFrom(until)
        );

    public TimeSpan WaitFrom(DateTimeOffset until) => until - clock.GetUtcNow();

    private KeyVerdict JudgeSession(AccessKey? key) => new(key, key is null ? KeyRefusal.Unknown : key.LapseAt(clock.GetUtcNow()));

    private void NoteOnce(AuditEntry entry)
    {
        if (_refused.IsNew($"{entry.KeyId} {entry.Outcome} {entry.Address}"))
        {
            _ = audit.NoteAsync(entry);
        }
    }
}
