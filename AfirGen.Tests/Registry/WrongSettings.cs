namespace AfirGen.Tests.Registry;

/// <summary>
/// What somebody with the privilege can do to a running server, one at a time: the statement, the one that mends it ({0} is the database),
/// and the setting that is wrong in between.
/// </summary>
public static class WrongSettings
{
    public static TheoryData<string, string, string> All { get; } =
        new()
        {
            { "SET GLOBAL sync_binlog = 0", "SET GLOBAL sync_binlog = 1", "sync_binlog" },
            { "SET GLOBAL sync_binlog = 100", "SET GLOBAL sync_binlog = 1", "sync_binlog" },
            {
                "SET GLOBAL innodb_flush_log_at_trx_commit = 0",
                "SET GLOBAL innodb_flush_log_at_trx_commit = 1",
                "innodb_flush_log_at_trx_commit"
            },
            { "SET GLOBAL innodb_doublewrite = DETECT_ONLY", "SET GLOBAL innodb_doublewrite = ON", "innodb_doublewrite" },
            { "SET GLOBAL autocommit = 1", "SET GLOBAL autocommit = 0", "autocommit" },
            { "SET GLOBAL gtid_mode = ON_PERMISSIVE", "SET GLOBAL gtid_mode = ON", "gtid_mode" },
            { "SET GLOBAL character_set_server = latin1", "SET GLOBAL character_set_server = utf8mb4", "character_set_server" },
            { "SET GLOBAL binlog_format = MIXED", "SET GLOBAL binlog_format = ROW", "binlog_format" },
            { "SET GLOBAL binlog_error_action = IGNORE_ERROR", "SET GLOBAL binlog_error_action = ABORT_SERVER", "binlog_error_action" },
            { "SET GLOBAL sql_mode = 'ANSI'", "SET GLOBAL sql_mode = DEFAULT", "sql_mode" },
            { "SET GLOBAL max_allowed_packet = 1048576", "SET GLOBAL max_allowed_packet = 67108864", "max_allowed_packet" },
            { "ALTER INSTANCE DISABLE INNODB REDO_LOG", "ALTER INSTANCE ENABLE INNODB REDO_LOG", "redo_log" },
            { "CREATE TABLE {0}.notes (id INT) ENGINE = MyISAM", "DROP TABLE {0}.notes", "table_engine" },
        };
}
