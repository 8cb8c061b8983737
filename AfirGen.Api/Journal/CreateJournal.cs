using AfirGen.Api.Durability;
using AfirGen.Api.Sqlite;
using FluentMigrator;

namespace AfirGen.Api.Journal;

/// <summary>
/// First schema of <c>sessions.db</c>. <c>sessions</c> is a view with the columns that the old tools read: the validation history is
/// derived from the events, so there are never two truths.
/// </summary>
[FluentMigrator.Tags(JournalStore.MigrationTag)]
[Migration(202611230001)]
public sealed class CreateJournal(CrashPoints crashPoints) : SqlMigration(crashPoints)
{
    public override void Up()
    {
        Sql(
            """
            CREATE TABLE session_rows (
                session_id TEXT NOT NULL PRIMARY KEY,
                fir_number TEXT NOT NULL UNIQUE,
                state TEXT NOT NULL CHECK (json_valid(state)),
                status TEXT NOT NULL CHECK (status IN ('processing','awaiting_validation','completed','expired','error')),
                current_step TEXT NOT NULL,
                version INTEGER NOT NULL CHECK (version > 0),
                created_at TEXT NOT NULL,
                last_activity TEXT NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE INDEX session_rows_by_status ON session_rows (status, last_activity);

            CREATE TABLE session_events (
                session_id TEXT NOT NULL REFERENCES session_rows (session_id) DEFERRABLE INITIALLY DEFERRED,
                seq INTEGER NOT NULL CHECK (seq > 0),
                content TEXT NOT NULL CHECK (json_valid(content)),
                kind TEXT NOT NULL GENERATED ALWAYS AS (content ->> 'kind') STORED,
                at TEXT NOT NULL,
                PRIMARY KEY (session_id, seq)
            ) STRICT, WITHOUT ROWID;
            """
        );
        // Append-only and gapless by construction, whatever the code above the database does (G4).
        Sql(
            """
            CREATE TRIGGER session_events_are_gapless BEFORE INSERT ON session_events
            WHEN NEW.seq <> 1 + (SELECT COALESCE(MAX(seq), 0) FROM session_events WHERE session_id = NEW.session_id)
            BEGIN SELECT RAISE(ABORT, 'session_events: the sequence must be gapless'); END;

            CREATE TRIGGER session_events_never_change BEFORE UPDATE ON session_events
            BEGIN SELECT RAISE(ABORT, 'session_events: append-only'); END;

            CREATE TRIGGER session_events_are_never_deleted BEFORE DELETE ON session_events
            BEGIN SELECT RAISE(ABORT, 'session_events: append-only'); END;
            """
        );
        CrashPoint(CrashPoints.DuringMigration);
        Sql(
            """
            CREATE VIEW sessions AS
            SELECT session_id, state, status, created_at, last_activity,
                   (SELECT json_group_array(json(entry)) FROM
                       (SELECT json_object('kind', kind, 'step', content ->> 'step', 'content', json(content), 'timestamp', at) AS entry
                        FROM session_events e WHERE e.session_id = s.session_id ORDER BY seq)) AS validation_history,
                   current_step, version
            FROM session_rows s;

            CREATE TABLE idempotency (
                key TEXT NOT NULL PRIMARY KEY,
                principal TEXT NOT NULL,
                route TEXT NOT NULL,
                client_key TEXT NOT NULL,
                request_hash TEXT NOT NULL,
                session_id TEXT,
                outbox_id INTEGER,
                status_code INTEGER,
                headers TEXT,
                body BLOB,
                created_at TEXT NOT NULL
            ) STRICT;

            CREATE INDEX idempotency_by_client_key ON idempotency (principal, client_key);
            CREATE INDEX idempotency_by_age ON idempotency (created_at);

            CREATE TABLE outbox (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                session_id TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('draft','pending','register')),
                payload TEXT NOT NULL CHECK (json_valid(payload)),
                created_at TEXT NOT NULL,
                delivered_at TEXT,
                accepted INTEGER
            ) STRICT;

            CREATE INDEX outbox_undelivered ON outbox (id) WHERE delivered_at IS NULL;
            CREATE INDEX outbox_by_session ON outbox (session_id, id);

            CREATE TABLE attachments (
                session_id TEXT NOT NULL REFERENCES session_rows (session_id) DEFERRABLE INITIALLY DEFERRED,
                sha256 TEXT NOT NULL,
                content_type TEXT NOT NULL,
                file_name TEXT NOT NULL,
                bytes BLOB NOT NULL,
                PRIMARY KEY (session_id, sha256)
            ) STRICT;
            """
        );
    }
}
