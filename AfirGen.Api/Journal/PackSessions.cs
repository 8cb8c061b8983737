using AfirGen.Api.Durability;
using AfirGen.Api.Sqlite;
using FluentMigrator;

namespace AfirGen.Api.Journal;

/// <summary>
/// <c>session_rows</c> with row ids. Without them SQLite keeps at most a quarter of a page of a row beside its key, so nearly every session had
/// an overflow page of its own: four times the disk, and a page more in each commit.
/// </summary>
/// <remarks>
/// The tables that refer to it are copied too, and dropped first: dropping the table that they refer to would count each of their rows as a
/// violation until the commit.
/// </remarks>
[FluentMigrator.Tags(JournalStore.MigrationTag)]
[Migration(202611260001)]
public sealed class PackSessions(CrashPoints crashPoints) : SqlMigration(crashPoints)
{
    public override void Up()
    {
        Sql(
            """
            DROP VIEW sessions;

            CREATE TABLE packed_rows (
                session_id TEXT NOT NULL PRIMARY KEY,
                fir_number TEXT NOT NULL UNIQUE,
                state TEXT NOT NULL CHECK (json_valid(state)),
                status TEXT NOT NULL CHECK (status IN ('processing','awaiting_validation','completed','expired','error')),
                current_step TEXT NOT NULL,
                version INTEGER NOT NULL CHECK (version > 0),
                created_at TEXT NOT NULL,
                last_activity TEXT NOT NULL
            ) STRICT;

            INSERT INTO packed_rows (session_id, fir_number, state, status, current_step, version, created_at, last_activity)
                SELECT session_id, fir_number, state, status, current_step, version, created_at, last_activity FROM session_rows;

            CREATE TABLE packed_events (
                session_id TEXT NOT NULL REFERENCES packed_rows (session_id) DEFERRABLE INITIALLY DEFERRED,
                seq INTEGER NOT NULL CHECK (seq > 0),
                content TEXT NOT NULL CHECK (json_valid(content)),
                kind TEXT NOT NULL GENERATED ALWAYS AS (content ->> 'kind') STORED,
                at TEXT NOT NULL,
                PRIMARY KEY (session_id, seq)
            ) STRICT, WITHOUT ROWID;

            INSERT INTO packed_events (session_id, seq, content, at)
                SELECT session_id, seq, content, at FROM session_events ORDER BY session_id, seq;

            CREATE TABLE packed_attachments (
                session_id TEXT NOT NULL REFERENCES packed_rows (session_id) DEFERRABLE INITIALLY DEFERRED,
                sha256 TEXT NOT NULL,
                content_type TEXT NOT NULL,
                file_name TEXT NOT NULL,
                bytes BLOB NOT NULL,
                PRIMARY KEY (session_id, sha256)
            ) STRICT;

            INSERT INTO packed_attachments (session_id, sha256, content_type, file_name, bytes)
                SELECT session_id, sha256, content_type, file_name, bytes FROM attachments;
            """
        );
        CrashPoint(CrashPoints.DuringMigration);
        Sql(
            """
            DROP TABLE session_events;
            DROP TABLE attachments;
            DROP TABLE session_rows;
            ALTER TABLE packed_rows RENAME TO session_rows;
            ALTER TABLE packed_events RENAME TO session_events;
            ALTER TABLE packed_attachments RENAME TO attachments;

            CREATE INDEX session_rows_by_status ON session_rows (status, last_activity);

            CREATE TRIGGER session_events_are_gapless BEFORE INSERT ON session_events
            WHEN NEW.seq <> 1 + (SELECT COALESCE(MAX(seq), 0) FROM session_events WHERE session_id = NEW.session_id)
            BEGIN SELECT RAISE(ABORT, 'session_events: the sequence must be gapless'); END;

            CREATE TRIGGER session_events_never_change BEFORE UPDATE ON session_events
            BEGIN SELECT RAISE(ABORT, 'session_events: append-only'); END;

            CREATE TRIGGER session_events_are_never_deleted BEFORE DELETE ON session_events
            BEGIN SELECT RAISE(ABORT, 'session_events: append-only'); END;

            CREATE VIEW sessions AS
            SELECT session_id, state, status, created_at, last_activity,
                   (SELECT json_group_array(json(entry)) FROM
                       (SELECT json_object('kind', kind, 'step', content ->> 'step', 'content', json(content), 'timestamp', at) AS entry
                        FROM session_events e WHERE e.session_id = s.session_id ORDER BY seq)) AS validation_history,
                   current_step, version
            FROM session_rows s;
            """
        );
    }
}
