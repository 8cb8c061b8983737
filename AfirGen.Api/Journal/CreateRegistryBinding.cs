using AfirGen.Api.Durability;
using AfirGen.Api.Sqlite;
using FluentMigrator;

namespace AfirGen.Api.Journal;

/// <summary>Which registry the sessions of this journal are delivered to.</summary>
[FluentMigrator.Tags(JournalStore.MigrationTag)]
[Migration(202611260030)]
public sealed class CreateRegistryBinding(CrashPoints crashPoints) : SqlMigration(crashPoints)
{
    public override void Up() =>
        Sql(
            """
            CREATE TABLE registry_binding (
                id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
                kind TEXT NOT NULL CHECK (length(kind) > 0)
            ) STRICT;
            """
        );
}
