using AfirGen.Api.Durability;
using AfirGen.Api.Sqlite;
using FluentMigrator;

namespace AfirGen.Api.Journal;

/// <summary>
/// How far this service has verified the registry's ledger. It lies in another store than the ledger, so cutting the ledger's end off
/// together with its head shows (G6).
/// </summary>
[FluentMigrator.Tags(JournalStore.MigrationTag)]
[Migration(202611230004)]
public sealed class CreateLedgerCheckpoints(CrashPoints crashPoints) : SqlMigration(crashPoints)
{
    public override void Up() =>
        Sql(
            """
            CREATE TABLE ledger_checkpoints (
                position INTEGER NOT NULL PRIMARY KEY CHECK (position > 0),
                hash TEXT NOT NULL CHECK (length(hash) = 64),
                verified_at TEXT NOT NULL
            ) STRICT;

            CREATE TRIGGER ledger_checkpoints_never_change BEFORE UPDATE ON ledger_checkpoints
            BEGIN SELECT RAISE(ABORT, 'ledger_checkpoints: append-only'); END;

            CREATE TRIGGER ledger_checkpoints_are_never_deleted BEFORE DELETE ON ledger_checkpoints
            BEGIN SELECT RAISE(ABORT, 'ledger_checkpoints: append-only'); END;
            """
        );
}
