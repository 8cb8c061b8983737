using AfirGen.Api.Durability;
using AfirGen.Api.Sqlite;
using FluentMigrator;

namespace AfirGen.Api.Registry.Embedded;

/// <summary>First schema of <c>firs.db</c>. The triggers make a finalized record final, whatever the code above the database does.</summary>
[FluentMigrator.Tags(EmbeddedRegistry.MigrationTag)]
[Migration(202611230002)]
public sealed class CreateRegistry(CrashPoints crashPoints) : SqlMigration(crashPoints)
{
    public override void Up()
    {
        Sql(
            """
            CREATE TABLE fir_records (
                id INTEGER PRIMARY KEY,
                fir_number TEXT NOT NULL UNIQUE,
                session_id TEXT NOT NULL UNIQUE,
                complaint_text TEXT NOT NULL,
                fir_content TEXT,
                violations_json TEXT CHECK (violations_json IS NULL OR json_valid(violations_json)),
                status TEXT NOT NULL CHECK (status IN ('draft','pending','finalized')),
                station_code TEXT,
                registration_year INTEGER,
                registration_serial INTEGER,
                registration_operation TEXT,
                ledger_position INTEGER UNIQUE,
                previous_hash TEXT,
                record_hash TEXT,
                created_at TEXT NOT NULL,
                finalized_at TEXT,
                UNIQUE (station_code, registration_year, registration_serial),
                CHECK (status <> 'finalized' OR (registration_serial IS NOT NULL AND registration_operation IS NOT NULL AND ledger_position IS NOT NULL
                                                 AND previous_hash IS NOT NULL AND record_hash IS NOT NULL
                                                 AND finalized_at IS NOT NULL AND fir_content IS NOT NULL))
            ) STRICT;

            CREATE INDEX fir_records_newest_first ON fir_records (created_at DESC, id DESC);

            CREATE TABLE registration_counters (
                station_code TEXT NOT NULL,
                registration_year INTEGER NOT NULL,
                last_serial INTEGER NOT NULL CHECK (last_serial > 0),
                PRIMARY KEY (station_code, registration_year)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE ledger_head (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                position INTEGER NOT NULL CHECK (position > 0),
                hash TEXT NOT NULL CHECK (length(hash) = 64)
            ) STRICT;
            """
        );
        CrashPoint(CrashPoints.DuringMigration);
        Sql(
            """
            CREATE TRIGGER finalized_records_never_change BEFORE UPDATE ON fir_records WHEN OLD.status = 'finalized'
            BEGIN SELECT RAISE(ABORT, 'fir_records: a finalized record never changes'); END;

            CREATE TRIGGER records_are_never_deleted BEFORE DELETE ON fir_records
            BEGIN SELECT RAISE(ABORT, 'fir_records: records are never deleted'); END;

            CREATE TRIGGER serials_are_gapless BEFORE UPDATE ON registration_counters WHEN NEW.last_serial <> OLD.last_serial + 1
            BEGIN SELECT RAISE(ABORT, 'registration_counters: serials are gapless'); END;

            CREATE TRIGGER the_ledger_only_grows BEFORE UPDATE ON ledger_head WHEN NEW.position <> OLD.position + 1
            BEGIN SELECT RAISE(ABORT, 'ledger_head: the ledger only grows'); END;

            CREATE TRIGGER the_ledger_is_never_deleted BEFORE DELETE ON ledger_head
            BEGIN SELECT RAISE(ABORT, 'ledger_head: the ledger is never deleted'); END;

            CREATE TRIGGER counters_are_never_deleted BEFORE DELETE ON registration_counters
            BEGIN SELECT RAISE(ABORT, 'registration_counters: counters are never deleted'); END;
            """
        );
    }
}
