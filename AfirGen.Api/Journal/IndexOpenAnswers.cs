using AfirGen.Api.Durability;
using AfirGen.Api.Sqlite;
using FluentMigrator;

namespace AfirGen.Api.Journal;

/// <summary>
/// The answers that still wait for the registry, by the outbox row they wait for. Without it each registration read all answers that are
/// kept, on the writer's thread.
/// </summary>
[FluentMigrator.Tags(JournalStore.MigrationTag)]
[Migration(202611250010)]
public sealed class IndexOpenAnswers(CrashPoints crashPoints) : SqlMigration(crashPoints)
{
    public override void Up() => Sql("CREATE INDEX idempotency_open ON idempotency (outbox_id) WHERE status_code IS NULL;");
}
