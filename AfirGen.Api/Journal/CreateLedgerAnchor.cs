using AfirGen.Api.Durability;
using AfirGen.Api.Sqlite;
using FluentMigrator;

namespace AfirGen.Api.Journal;

/// <summary>
/// The furthest ledger entry that this service was given. It lies in another store than the ledger, so that an older copy of the registry is
/// known for one before anything is written to it (G4).
/// </summary>
[FluentMigrator.Tags(JournalStore.MigrationTag)]
[Migration(202611250005)]
public sealed class CreateLedgerAnchor(CrashPoints crashPoints) : SqlMigration(crashPoints)
{
    public override void Up() =>
        Sql(
            """
            CREATE TABLE ledger_anchor (
                id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
                position INTEGER NOT NULL CHECK (position > 0),
                hash TEXT NOT NULL CHECK (length(hash) = 64)
            ) STRICT;

            CREATE TRIGGER ledger_anchor_only_grows BEFORE UPDATE ON ledger_anchor WHEN NEW.position <= OLD.position
            BEGIN SELECT RAISE(ABORT, 'ledger_anchor: it only grows'); END;

            CREATE TRIGGER ledger_anchor_is_never_deleted BEFORE DELETE ON ledger_anchor
            BEGIN SELECT RAISE(ABORT, 'ledger_anchor: it is never deleted'); END;
            """
        );
}
