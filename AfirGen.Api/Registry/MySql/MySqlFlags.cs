namespace AfirGen.Api.Registry.MySql;

/// <summary>One setting of the MySQL server that the guarantee needs.</summary>
/// <param name="Variable">Name of the system variable.</param>
/// <param name="Value">What we start the server with.</param>
internal sealed record MySqlFlag(string Variable, string Value)
{
    /// <summary>Everything that <c>SHOW GLOBAL VARIABLES</c> may say and that is as safe as <see cref="Value"/>.</summary>
    public IReadOnlyList<string> Accepted { get; init; } = [Value];

    /// <summary>True when SET PERSIST mends it; otherwise only a restart of mysqld does.</summary>
    public bool ChangesAtRuntime { get; init; }

    /// <summary>As it stands on the command line of <c>mysqld</c>.</summary>
    public string Argument => $"--{Variable.Replace('_', '-')}={Value}";

    public bool Accepts(string found) => Accepted.Contains(found, StringComparer.OrdinalIgnoreCase);
}

/// <summary>
/// The flags that MySQL runs with, named here and nowhere else: container, compose file, guard and tests take them from this list.
/// The file uses nothing else of this project, so that the AppHost can compile it too.
/// </summary>
internal static class MySqlFlags
{
    /// <summary>The series of MySQL that everything was proven with.</summary>
    public const string Series = "9.7";

    public static IReadOnlyList<MySqlFlag> All { get; } =
    [
        new("innodb_flush_log_at_trx_commit", "1") { ChangesAtRuntime = true }, // each COMMIT syncs the redo log (G1)
        new("sync_binlog", "1") { ChangesAtRuntime = true }, // and the binary log, which decides after a crash what was committed
        new("innodb_doublewrite", "ON") { Accepted = ["ON", "1", "DETECT_AND_RECOVER"] }, // DETECT_ONLY finds a torn page and cannot mend it
        new("autocommit", "0") { Accepted = ["OFF", "0"] },
        new("gtid_mode", "ON"),
        new("enforce_gtid_consistency", "ON"),
        new("character_set_server", "utf8mb4"),
    ];

    /// <summary>
    /// Not needed for durability, so the guard does not ask for it. With a binary log MySQL 9.7 lets only SUPER create triggers, unless this
    /// is set; with row-based logging it is safe, and the migrator needs no global privilege then.
    /// </summary>
    public const string TriggersWithoutSuper = "--log-bin-trust-function-creators=1";

    /// <summary>The arguments of <c>mysqld</c>.</summary>
    public static IReadOnlyList<string> Arguments { get; } = [.. All.Select(flag => flag.Argument)];
}
