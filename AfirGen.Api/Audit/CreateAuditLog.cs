using AfirGen.Api.Durability;
using AfirGen.Api.Journal;
using AfirGen.Api.Sqlite;
using FluentMigrator;

namespace AfirGen.Api.Audit;

/// <summary>
/// The audit log lies in the journal, so that the record of a write is in the transaction of that write: neither is there without the other
/// (G2), and one fsync covers both. It is read seldom and written always, so the only index is one that hardly any record is in.
/// </summary>
[FluentMigrator.Tags(JournalStore.MigrationTag)]
[Migration(202611260020)]
public sealed class CreateAuditLog(CrashPoints crashPoints) : SqlMigration(crashPoints)
{
    public override void Up() =>
        Sql(
            """
            CREATE TABLE audit_log (
                seq INTEGER NOT NULL PRIMARY KEY CHECK (seq > 0),
                at TEXT NOT NULL,
                key_id TEXT NOT NULL,
                key_name TEXT NOT NULL,
                roles TEXT NOT NULL,
                action TEXT NOT NULL,
                subject TEXT NOT NULL,
                outcome TEXT NOT NULL,
                address TEXT NOT NULL,
                previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
                hash BLOB NOT NULL CHECK (length(hash) = 32)
            ) STRICT;

            CREATE INDEX audit_log_guesses ON audit_log (at) WHERE action = 'key-refused' AND outcome = 'unknown';

            CREATE TRIGGER audit_log_is_chained BEFORE INSERT ON audit_log
            WHEN NEW.seq <> 1 AND NOT EXISTS (SELECT 1 FROM audit_log WHERE seq = NEW.seq - 1 AND hash = NEW.previous_hash)
            BEGIN SELECT RAISE(ABORT, 'audit_log: a record must follow the last one'); END;

            CREATE TRIGGER audit_log_never_changes BEFORE UPDATE ON audit_log
            BEGIN SELECT RAISE(ABORT, 'audit_log: append-only'); END;

            CREATE TRIGGER audit_log_is_never_deleted BEFORE DELETE ON audit_log
            BEGIN SELECT RAISE(ABORT, 'audit_log: append-only'); END;

            CREATE TABLE outside_states (
                what TEXT NOT NULL PRIMARY KEY,
                state TEXT NOT NULL
            ) STRICT, WITHOUT ROWID;
            """
        );
}
