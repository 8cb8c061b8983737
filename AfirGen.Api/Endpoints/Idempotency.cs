using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AfirGen.Api.Drafting;
using AfirGen.Api.Durability;
using AfirGen.Api.Journal;

namespace AfirGen.Api.Endpoints;

/// <param name="Scope">Null when the client sent no key.</param>
/// <param name="Claimed">What an earlier attempt left when only its first part was done; else null.</param>
internal sealed record IdempotentRequest(IdempotencyScope? Scope, IdempotencyRow? Claimed);

/// <summary>
/// <c>Idempotency-Key</c>: a request repeated with its key has one effect and gets the first answer again, byte for byte, also after a
/// crash between commit and answer (G3). The record is written in the transaction of the effect it stands for.
/// </summary>
internal sealed class Idempotency(JournalStore journal, CrashPoints crashPoints, TimeProvider clock)
{
    public const string KeyHeader = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";
    public const string DurabilityHeader = "X-Durability";
    private const int MaxKeyLength = 255;

    // One process owns the journal, so what is in flight is known here and nowhere else.
    private readonly ConcurrentDictionary<string, IdempotencyScope> _inFlight = new();

    public bool IsInFlight(string principal, string clientKey) =>
        _inFlight.Values.Any(scope => scope.Principal == principal && scope.ClientKey == clientKey);

    /// <param name="fingerprint">Everything that makes this request what it is; hashed and compared with the first one's.</param>
    public async Task RunAsync(HttpContext context, string fingerprint, Func<IdempotentRequest, Task> handle)
    {
        if (ScopeOf(context, fingerprint) is not { } scope)
        {
            await handle(new(null, null));
            return;
        }

        if (!_inFlight.TryAdd(scope.Key, scope))
        {
            throw new Refusal(RefusalKind.KeyInFlight, $"{KeyHeader}: a request with this key is being worked on.");
        }

        try
        {
            var earlier = await journal.ReadAsync(db => IdempotencyTable.Find(db, scope), context.RequestAborted);
            if (Mutations.Has(Mutations.KeysIgnored))
            {
                earlier = null;
            }

            if (earlier is not null && earlier.RequestHash != scope.RequestHash)
            {
                throw new Refusal(RefusalKind.KeyReused, $"{KeyHeader}: this key was used for another request. Use a new one.");
            }

            if (earlier is { StatusCode: not null })
            {
                await ReplayAsync(context, earlier);
            }
            else
            {
                await handle(new(scope, earlier));
            }
        }
        finally
        {
            _inFlight.TryRemove(scope.Key, out _);
        }
    }

    /// <summary>The first answer again.</summary>
    public async Task ReplayAsync(HttpContext context, IdempotencyRow row)
    {
        var delivered = row.OutboxId is { } id && await journal.ReadAsync(db => OutboxTable.IsAccepted(db, id), context.RequestAborted);
        var headers = JsonSerializer.Deserialize(row.Headers ?? "{}", WireJson.Wire.DictionaryStringString)!;
        context.Response.Headers[ReplayedHeader] = "true";
        await WriteAsync(context, new(row.StatusCode!.Value, headers, row.Body!), delivered);
    }

    /// <param name="inRegistry">Whether the registry has confirmed; false: the journal alone holds it.</param>
    public async Task WriteAsync(HttpContext context, Answer answer, bool inRegistry)
    {
        crashPoints.Hit(CrashPoints.BeforeAnswer);
        context.Response.StatusCode = answer.StatusCode;
        context.Response.ContentType = Answer.ContentType;
        context.Response.Headers[DurabilityHeader] = inRegistry ? "registry" : "journal";
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        context.Response.ContentLength = answer.Body.Length;
        // Not the request's token: it is committed, so whoever still listens shall hear it.
        await context.Response.Body.WriteAsync(answer.Body, CancellationToken.None);
    }

    public IdempotencyRow Row(IdempotencyScope scope, Answer? answer, string? sessionId, long? outboxId) =>
        new(
            scope.Route,
            scope.RequestHash,
            sessionId,
            outboxId,
            answer?.StatusCode,
            answer is null ? null : JsonSerializer.Serialize(answer.Headers, WireJson.Wire.DictionaryStringString),
            answer?.Body,
            JournalStore.Stamp(clock.GetUtcNow())
        );

    private static IdempotencyScope? ScopeOf(HttpContext context, string fingerprint)
    {
        var values = context.Request.Headers[KeyHeader];
        if (values.Count == 0)
        {
            return null;
        }

        if (values is not [{ Length: > 0 and <= MaxKeyLength } key] || key.Any(char.IsControl))
        {
            throw new Refusal(RefusalKind.BadInput, $"{KeyHeader}: one key of 1 to {MaxKeyLength} printable characters is wanted.");
        }

        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? context.Request.Path;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{context.Request.Method} {context.Request.Path}\n{fingerprint}"));
        return new(ApiKeyMiddleware.Principal(context), route, key, Convert.ToHexStringLower(hash));
    }
}

/// <summary>A finished JSON answer.</summary>
internal sealed record Answer(int StatusCode, Dictionary<string, string> Headers, byte[] Body)
{
    public const string ContentType = "application/json; charset=utf-8";
}
