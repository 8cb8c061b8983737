using AfirGen.Api.Durability;
using AfirGen.Api.Sqlite;
using FluentMigrator;

namespace AfirGen.Api.Journal;

/// <summary>
/// Keys in the order principal, client's key, route, so that one index answers both questions that are asked of them. Keys are random, so
/// each index over them costs every request a page of its own in the commit, and again in the checkpoint.
/// </summary>
[FluentMigrator.Tags(JournalStore.MigrationTag)]
[Migration(202611260010)]
public sealed class OneKeyIndex(CrashPoints crashPoints) : SqlMigration(crashPoints)
{
    public override void Up() =>
        Sql(
            """
            DROP INDEX idempotency_by_client_key;
            UPDATE idempotency SET key = principal || '|' || client_key || '|' || route;
            """
        );
}
