using System.Globalization;
using AfirGen.Api.Durability;
using AfirGen.Api.Sqlite;
using MySqlConnector;

namespace AfirGen.Api.Registry.MySql;

/// <summary>Every setting of a MySQL server that the guarantee needs, read from the server itself (G7).</summary>
internal static class ServerSettings
{
    /// <summary>A full command (<see cref="SqlText.MaxBytes"/>) and the texts of one more record, each byte quoted, fit well.</summary>
    public const long MinPacketBytes = 16 * 1024 * 1024;

    private const string Store = "mysql";
    private static readonly string[] SafeFlushMethods = ["fsync", "O_DSYNC", "O_DIRECT"];

    /// <summary>System variables. Each may change under a running service: by SET GLOBAL, or because mysqld was restarted with other flags.</summary>
    private static readonly Wish[] Wishes =
    [
        .. MySqlFlags.All.Select(flag => new Wish(flag.Variable, flag.Value, flag.Accepts)
        {
            Statement = flag.ChangesAtRuntime ? Persist(flag.Variable, flag.Value) : null,
            Start = $"with {flag.Argument}",
        }),
        new("log_bin", "ON", found => Is("ON")(found) || found == "1") { Start = "without --skip-log-bin" },
        new("binlog_format", "ROW", Is("ROW")) { Statement = Persist("binlog_format", "'ROW'") },
        new("binlog_error_action", "ABORT_SERVER", Is("ABORT_SERVER")) { Statement = Persist("binlog_error_action", "'ABORT_SERVER'") },
        new("sql_mode", "strict", found => found.Split(',').Any(mode => mode is "STRICT_TRANS_TABLES" or "STRICT_ALL_TABLES"))
        {
            Statement = Persist("sql_mode", "CONCAT(@@GLOBAL.sql_mode, ',STRICT_TRANS_TABLES')"),
        },
        new(
            "innodb_flush_method",
            string.Join(" or ", SafeFlushMethods),
            found => SafeFlushMethods.Contains(found, StringComparer.OrdinalIgnoreCase)
        )
        {
            Start = "with --innodb-flush-method=O_DIRECT",
        },
        new("innodb_force_recovery", "0", Is("0")) { Start = "without --innodb-force-recovery" },
        new("max_allowed_packet", $"at least {MinPacketBytes}", found => long.Parse(found, CultureInfo.InvariantCulture) >= MinPacketBytes)
        {
            Statement = Persist("max_allowed_packet", "67108864"),
        },
    ];

    private static readonly string Query = $"""
        SHOW GLOBAL VARIABLES WHERE Variable_name IN ({string.Join(", ", Wishes.Select(wish => $"'{wish.Variable}'"))});
        SHOW GLOBAL STATUS WHERE Variable_name = 'Innodb_redo_log_enabled';
        SELECT TABLE_NAME, COALESCE(ENGINE, 'none') FROM information_schema.TABLES
        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' AND COALESCE(ENGINE, 'none') <> 'InnoDB';
        SELECT @@SESSION.transaction_isolation, @@SESSION.sql_mode, @@SESSION.character_set_client;
        """;

    private static readonly Wish RedoLog = new("redo_log", "ON", Is("ON")) { Statement = "ALTER INSTANCE ENABLE INNODB REDO_LOG" };

    /// <summary>Columns for <see cref="FindWrong"/>: cheap enough to be read before every transaction.</summary>
    public static readonly string LiveColumns =
        string.Join(", ", Wishes.Select(wish => $"@@GLOBAL.{wish.Variable}"))
        + ", (SELECT VARIABLE_VALUE FROM performance_schema.global_status WHERE VARIABLE_NAME = 'Innodb_redo_log_enabled')";

    /// <param name="row">Its columns from <paramref name="first"/> on are <see cref="LiveColumns"/>.</param>
    /// <returns>The first setting that would lose what is committed; null when all are right.</returns>
    public static DurabilitySetting? FindWrong(MySqlDataReader row, int first) =>
        Wishes
            .Append(RedoLog)
            .Select((wish, i) => wish.Compare(Convert.ToString(row.GetValue(first + i), CultureInfo.InvariantCulture) ?? "not known"))
            .FirstOrDefault(setting => !setting.Ok);

    public static async Task<IReadOnlyList<DurabilitySetting>> ReadAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(Query, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await row.ReadAsync(cancellationToken))
        {
            found[row.GetString(0)] = row.GetString(1);
        }

        List<DurabilitySetting> settings = [.. Wishes.Select(wish => wish.Compare(found.GetValueOrDefault(wish.Variable, "not known")))];

        await row.NextResultAsync(cancellationToken);
        var redo = await row.ReadAsync(cancellationToken) ? row.GetString(1) : "not known";
        settings.Add(RedoLog.Compare(redo));

        await row.NextResultAsync(cancellationToken);
        var (other, mend) = (new List<string>(), new List<string>());
        while (await row.ReadAsync(cancellationToken))
        {
            other.Add($"{row.GetString(1)} for {row.GetString(0)}");
            mend.Add($"ALTER TABLE {row.GetString(0)} ENGINE = InnoDB");
        }

        var engine = other.Count == 0 ? "InnoDB" : string.Join(", ", other);
        settings.Add(
            new Wish("table_engine", "InnoDB", Is("InnoDB")) { Statement = mend.Count == 0 ? null : string.Join("; ", mend) }.Compare(
                engine
            )
        );

        await row.NextResultAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        settings.Add(new(Store + " (session)", "transaction_isolation", "READ-COMMITTED", row.GetString(0)));
        settings.Add(new(Store + " (session)", "sql_mode", FirdbConnections.StrictMode, row.GetString(1)));
        settings.Add(new(Store + " (session)", "character_set_client", "utf8mb4", row.GetString(2)));
        return settings;
    }

    private static string Persist(string variable, string value) => $"SET PERSIST {variable} = {value}";

    private static Func<string, bool> Is(string wanted) => found => string.Equals(wanted, found, StringComparison.OrdinalIgnoreCase);

    /// <param name="Accepts">Whether a value will do.</param>
    private sealed record Wish(string Variable, string Wanted, Func<string, bool> Accepts)
    {
        /// <inheritdoc cref="DurabilitySetting.Statement"/>
        public string? Statement { get; init; }

        /// <inheritdoc cref="DurabilitySetting.Start"/>
        public string? Start { get; init; }

        public DurabilitySetting Compare(string found) =>
            new(Store, Variable, Wanted, found)
            {
                Ok = Accepts(found) || Mutations.Has(Mutations.GuardBlind),
                Statement = Statement,
                Start = Start,
            };
    }
}
