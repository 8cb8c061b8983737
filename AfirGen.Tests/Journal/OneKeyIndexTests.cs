using AfirGen.Api.Journal;
using AfirGen.Api.Sqlite;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Journal;

/// <summary>One index answers for a key on one route and for a key on all of them.</summary>
public sealed class OneKeyIndexTests : IDisposable
{
    private const long OlderSchema = 202611260001;
    private static readonly string[] Keys = ["k", "k|", "k|k", "k}", "k1", "K", "चाबी"];
    private readonly JournalFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void G3_a_key_of_an_older_file_still_finds_its_answer()
    {
        _file.MigrateTo(OlderSchema);
        using (var older = _file.Open())
        {
            older.Execute(
                """
                INSERT INTO idempotency (key, principal, route, client_key, request_hash, status_code, headers, body, created_at)
                VALUES ('local|/process|k|1', 'local', '/process', 'k|1', 'hash', 200, '{}', x'31', $1)
                """,
                Rows.At
            );
        }

        _file.Migrate();

        using var db = _file.Open();
        Assert.Equal([0x31], IdempotencyTable.Find(db, new("local", "/process", "k|1", "hash"))!.Body!);
        Assert.Single(IdempotencyTable.FindByClientKey(db, "local", "k|1"));
    }

    [Fact]
    public void G3_a_key_is_found_on_every_route_and_no_other_key_with_it()
    {
        _file.Migrate();
        using var db = _file.Open();
        foreach (var principal in (string[])["local", "local2"])
        {
            foreach (var key in Keys)
            {
                Put(db, principal, "/process", key);
                Put(db, principal, "/validate", key);
            }
        }

        foreach (var key in Keys)
        {
            Assert.Equal(
                [$"/process of {key}", $"/validate of {key}"],
                IdempotencyTable.FindByClientKey(db, "local", key).Select(row => row.RequestHash).Order(StringComparer.Ordinal)
            );
        }

        Assert.Empty(IdempotencyTable.FindByClientKey(db, "local", ""));
        Assert.Contains(
            db.List(
                "EXPLAIN QUERY PLAN SELECT * FROM idempotency WHERE key > 'a' AND key < 'b' AND client_key = 'c'",
                row => row.GetString(3)
            ),
            step => step.Contains("USING INDEX sqlite_autoindex_idempotency_1 (key>? AND key<?)", StringComparison.Ordinal)
        );
    }

    private static void Put(SqliteSession db, string principal, string route, string key) =>
        IdempotencyTable.Put(db, new(principal, route, key, "hash"), new(route, $"{route} of {key}", null, null, 200, "{}", [], Rows.At));
}
