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

    private static readonly Wish[] Wishes =
    [
        .. MySqlFlags.All.Select(flag => new Wish(flag.Variable, flag.Value, flag.Accepts, RemedyFor(flag))),
        new("log_bin", "ON", Is("ON"), "Start mysqld without --skip-log-bin."),
        new("binlog_format", "ROW", Is("ROW"), Persist("binlog_format", "'ROW'")),
        new("binlog_error_action", "ABORT_SERVER", Is("ABORT_SERVER"), Persist("binlog_error_action", "'ABORT_SERVER'")),
        new(
            "sql_mode",
            "strict",
            found => found.Split(',').Any(mode => mode is "STRICT_TRANS_TABLES" or "STRICT_ALL_TABLES"),
            Persist("sql_mode", "CONCAT(@@GLOBAL.sql_mode, ',STRICT_TRANS_TABLES')")
        ),
        new(
            "innodb_flush_method",
            string.Join(" or ", SafeFlushMethods),
            found => SafeFlushMethods.Contains(found, StringComparer.OrdinalIgnoreCase),
            "Start mysqld with --innodb-flush-method=O_DIRECT."
        ),
        new("innodb_force_recovery", "0", Is("0"), "Start mysqld without --innodb-force-recovery."),
        new(
            "max_allowed_packet",
            $"at least {MinPacketBytes}",
            found => long.Parse(found, CultureInfo.InvariantCulture) >= MinPacketBytes,
            Persist("max_allowed_packet", "67108864")
        ),
    ];

    private static readonly string Query = $"""
        SHOW GLOBAL VARIABLES WHERE Variable_name IN ({string.Join(", ", Wishes.Select(wish => $"'{wish.Variable}'"))});
        SHOW GLOBAL STATUS WHERE Variable_name = 'Innodb_redo_log_enabled';
        SELECT TABLE_NAME, COALESCE(ENGINE, 'none') FROM information_schema.TABLES
        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' AND COALESCE(ENGINE, 'none') <> 'InnoDB';
        SELECT @@SESSION.transaction_isolation, @@SESSION.sql_mode, @@SESSION.character_set_client;
        """;

    public static string RemedyFor(MySqlFlag flag) =>
        flag.ChangesAtRuntime
            ? $"{Persist(flag.Variable, flag.Value)} And start mysqld with {flag.Argument}."
            : $"Start mysqld with {flag.Argument}.";

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
        settings.Add(new Wish("redo_log", "ON", Is("ON"), "ALTER INSTANCE ENABLE INNODB REDO_LOG.").Compare(redo));

        await row.NextResultAsync(cancellationToken);
        var other = new List<string>();
        while (await row.ReadAsync(cancellationToken))
        {
            other.Add($"{row.GetString(1)} for {row.GetString(0)}");
        }

        var engine = other.Count == 0 ? "InnoDB" : string.Join(", ", other);
        settings.Add(new Wish("table_engine", "InnoDB", Is("InnoDB"), "ALTER TABLE … ENGINE = InnoDB.").Compare(engine));

        await row.NextResultAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        settings.Add(new(Store + " (session)", "transaction_isolation", "READ-COMMITTED", row.GetString(0)));
        settings.Add(new(Store + " (session)", "sql_mode", FirdbConnections.StrictMode, row.GetString(1)));
        settings.Add(new(Store + " (session)", "character_set_client", "utf8mb4", row.GetString(2)));
        return settings;
    }

    private static string Persist(string variable, string value) => $"SET PERSIST {variable} = {value}.";

    private static Func<string, bool> Is(string wanted) => found => string.Equals(wanted, found, StringComparison.OrdinalIgnoreCase);

    private sealed record Wish(string Variable, string Wanted, Func<string, bool> Accepts, string Remedy)
    {
        public DurabilitySetting Compare(string found) =>
            new(Store, Variable, Wanted, found) { Ok = Accepts(found) || Mutations.Has(Mutations.GuardBlind), Remedy = Remedy };
    }
}
