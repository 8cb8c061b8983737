using System.Text;
using AfirGen.Api.Journal;
using AfirGen.Api.Sqlite;
using AfirGen.Tests.Stack;
using FsCheck;
using FsCheck.Fluent;

namespace AfirGen.Tests.Properties;

/// <summary>The table of answers against a dictionary that says what it promises: the first answer to a key stays, and no other request gets it.</summary>
public sealed class IdempotencyProperties
{
    private const int Kinds = 4;
    private const int Keys = 3;
    private const int Requests = 2;

    [Fact]
    public async Task G3_the_first_answer_to_a_key_stays_whatever_is_sent_with_it_later()
    {
        using var journal = new JournalStack();
        var run = 0;
        // On the writer's thread: one transaction for each case, as it is for each request.
        await journal.Store.WriteAsync(
            db =>
            {
                ForAll.Of(
                    ArbMap.Default.ArbFor<(PositiveInt Kind, PositiveInt Key, PositiveInt Request)[]>(),
                    steps =>
                    {
                        var model = new Dictionary<string, (string Hash, int Outbox, string? Body)>();
                        run++;
                        for (var i = 0; i < steps.Length; i++)
                        {
                            var (kind, key, request) = steps[i];
                            Take(db, model, run, i, kind.Get % Kinds, $"{run}-{key.Get % Keys}", $"hash-{request.Get % Requests}");
                        }

                        foreach (var (key, expected) in model)
                        {
                            var row = IdempotencyTable.Find(db, Scope(key, expected.Hash))!;
                            Assert.Equal(
                                (expected.Hash, expected.Body),
                                (row.RequestHash, row.Body is null ? null : Encoding.UTF8.GetString(row.Body))
                            );
                        }
                    },
                    count: 300
                );
                return true;
            },
            TestContext.Current.CancellationToken
        );
    }

    [Fact]
    public void G3_two_scopes_that_differ_never_share_a_key() =>
        ForAll.Of(
            ForAll.Texts.Generator.ArrayOf(2).ToArbitrary(),
            keys =>
            {
                var scopes =
                    from principal in (string[])["anonymous", "key-1"]
                    from route in (string[])["/process", "/validate"]
                    from key in keys.Distinct()
                    select new IdempotencyScope(principal, route, key, "hash").Key;
                Assert.Equal(4 * keys.Distinct().Count(), scopes.Distinct().Count());
            }
        );

    private static void Take(
        SqliteSession db,
        Dictionary<string, (string Hash, int Outbox, string? Body)> model,
        int run,
        int step,
        int kind,
        string key,
        string hash
    )
    {
        var outbox = (run * 1000) + step;
        var known = model.TryGetValue(key, out var was);
        switch (kind)
        {
            case 0: // claimed: an effect has begun, its answer follows
                IdempotencyTable.Put(db, Scope(key, hash), Row(hash, outbox, null));
                model[key] = known
                    ? was with
                    {
                        Outbox = was is { Body: null } && was.Hash == hash ? outbox : was.Outbox,
                    }
                    : (hash, outbox, null);
                break;
            case 1: // answered
                IdempotencyTable.Put(db, Scope(key, hash), Row(hash, outbox, $"answer {step}"));
                model[key] =
                    !known ? (hash, outbox, $"answer {step}")
                    : was.Body is null && was.Hash == hash ? (hash, outbox, $"answer {step}")
                    : was;
                break;
            case 2 when known: // the registry has answered
                IdempotencyTable.CompleteByOutbox(db, was.Outbox, 200, Encoding.UTF8.GetBytes($"registered {step}"));
                model[key] = was with { Body = was.Body ?? $"registered {step}" };
                break;
            case 3 when known: // it had no effect
                IdempotencyTable.ReleaseByOutbox(db, was.Outbox);
                if (was.Body is null)
                {
                    model.Remove(key);
                }

                break;
        }
    }

    private static IdempotencyScope Scope(string key, string hash) => new("anonymous", "/authenticate", key, hash);

    private static IdempotencyRow Row(string hash, long outbox, string? body) =>
        new(
            "/authenticate",
            hash,
            null,
            outbox,
            body is null ? null : 200,
            "{}",
            body is null ? null : Encoding.UTF8.GetBytes(body),
            Rows.At
        );
}
