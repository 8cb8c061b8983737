using AfirGen.Api.Durability;
using AfirGen.Api.Sqlite;
using FluentMigrator;

namespace AfirGen.Api.Registry.MySql;

/// <summary>
/// First schema of <c>fir_db</c>. Each DDL statement of MySQL commits by itself, so a crash can leave any number of them done: every one is
/// written so that it may run again. The binary collation makes keys equal only when their bytes are, as in the embedded registry.
/// </summary>
[FluentMigrator.Tags(MySqlMigrations.Tag)]
[Migration(202611230003)]
public sealed class CreateMySqlRegistry(CrashPoints crashPoints) : SqlMigration(crashPoints)
{
    private const string Engine = "ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin";

    public override void Up()
    {
        // violations_json is text: the type JSON would store it normalised, and the ledger covers the bytes as given.
        Sql(
            $"""
            CREATE TABLE IF NOT EXISTS fir_records (
                id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
                fir_number VARCHAR(64) NOT NULL UNIQUE,
                session_id VARCHAR(64) NOT NULL UNIQUE,
                complaint_text MEDIUMTEXT NOT NULL,
                fir_content MEDIUMTEXT,
                violations_json MEDIUMTEXT CHECK (violations_json IS NULL OR JSON_VALID(violations_json)),
                status VARCHAR(16) NOT NULL CHECK (status IN ('draft', 'pending', 'finalized')),
                station_code VARCHAR(32),
                registration_year SMALLINT UNSIGNED,
                registration_serial BIGINT UNSIGNED,
                registration_operation VARCHAR(512),
                ledger_position BIGINT UNSIGNED UNIQUE,
                previous_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
                record_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
                created_at VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
                finalized_at VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin,
                UNIQUE (station_code, registration_year, registration_serial),
                INDEX fir_records_newest_first (created_at DESC, id DESC),
                CHECK (status <> 'finalized' OR (registration_serial IS NOT NULL AND registration_operation IS NOT NULL AND ledger_position IS NOT NULL
                                                 AND previous_hash IS NOT NULL AND record_hash IS NOT NULL
                                                 AND finalized_at IS NOT NULL AND fir_content IS NOT NULL))
            ) {Engine};

            CREATE TABLE IF NOT EXISTS registration_counters (
                station_code VARCHAR(32) NOT NULL,
                registration_year SMALLINT UNSIGNED NOT NULL,
                last_serial BIGINT UNSIGNED NOT NULL CHECK (last_serial > 0),
                PRIMARY KEY (station_code, registration_year)
            ) {Engine};

            CREATE TABLE IF NOT EXISTS ledger_head (
                id TINYINT UNSIGNED NOT NULL PRIMARY KEY CHECK (id = 1),
                position BIGINT UNSIGNED NOT NULL,
                hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (LENGTH(hash) = 64)
            ) {Engine};
            """
        );
        CrashPoint(CrashPoints.DuringMigration);
        Refuse(
            "finalized_records_never_change",
            "UPDATE ON fir_records",
            "OLD.status = 'finalized'",
            "fir_records: a finalized record never changes"
        );
        Refuse("records_are_never_deleted", "DELETE ON fir_records", "TRUE", "fir_records: records are never deleted");
        Refuse(
            "serials_are_gapless",
            "UPDATE ON registration_counters",
            "NEW.last_serial <> OLD.last_serial + 1",
            "registration_counters: serials are gapless"
        );
        Refuse(
            "counters_are_never_deleted",
            "DELETE ON registration_counters",
            "TRUE",
            "registration_counters: counters are never deleted"
        );
        Refuse("the_ledger_only_grows", "UPDATE ON ledger_head", "NEW.position <> OLD.position + 1", "ledger_head: the ledger only grows");
        Refuse("the_ledger_is_never_deleted", "DELETE ON ledger_head", "TRUE", "ledger_head: the ledger is never deleted");

        // The row is there from the beginning, so that locking it puts all registrations of all processes in one line. It comes last:
        // it is no DDL, and commits together with the version row.
        Sql("INSERT INTO ledger_head (id, position, hash) SELECT 1, 0, REPEAT('0', 64) WHERE NOT EXISTS (SELECT 1 FROM ledger_head)");
    }

    private void Refuse(string name, string what, string when, string message) =>
        Sql(
            $"""
            CREATE TRIGGER IF NOT EXISTS {name} BEFORE {what} FOR EACH ROW
            IF {when} THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{message}'; END IF
            """
        );
}
