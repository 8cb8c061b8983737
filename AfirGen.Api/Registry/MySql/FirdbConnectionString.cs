using MySqlConnector;

namespace AfirGen.Api.Registry.MySql;

/// <summary>What every connection to MySQL has, whatever the configured connection string says.</summary>
internal static class FirdbConnectionString
{
    /// <summary>Name of the connection string of the registry's own account.</summary>
    public const string Name = "firdb";

    /// <summary>Of an account that may change the schema. Optional: default is <see cref="Name"/>.</summary>
    public const string MigratorName = "firdb-migrator";

    /// <summary>Of an account that may only flush tables. Optional: default is <see cref="Name"/>.</summary>
    public const string FlushName = "firdb-flush";

    /// <summary>Of an account that owns a scratch database, into which backups are restored for trial. Optional: without it SQLite alone is tried.</summary>
    public const string TrialName = "firdb-trial";

    private const uint ConnectSeconds = 3;
    private const uint CommandSeconds = 5;
    private const uint MaxConnections = 16;
    private const uint IdleSeconds = 30; // shorter than the session's wait_timeout: the pool gives up an idle connection before the server does
    private const int CutAtOnce = -1;
    private const string Shape =
        "Set it to Server=…;Port=3306;Database=fir_db;User ID=…;Password='…', with quotes around a value that holds ; or =.";

    /// <summary>What is wrong with the configured connection strings; null when nothing is. It repeats no value: one of them is the password.</summary>
    public static string? Problem(IConfiguration configuration)
    {
        foreach (var name in (string[])[Name, MigratorName, FlushName, TrialName])
        {
            if (configuration.GetConnectionString(name) is not { } configured || string.IsNullOrWhiteSpace(configured))
            {
                continue;
            }

            try
            {
                var parsed = new MySqlConnectionStringBuilder(configured);
                if (parsed.Server.Length == 0 || (name != FlushName && parsed.Database.Length == 0))
                {
                    return $"ConnectionStrings:{name} names no {(parsed.Server.Length == 0 ? "Server" : "Database")}. {Shape}";
                }
            }
            catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
            {
                return $"ConnectionStrings:{name} cannot be read. {Shape}";
            }
        }

        return TrialProblem(configuration);
    }

    /// <summary>The scratch database is dropped without asking, so it must be nobody's.</summary>
    private static string? TrialProblem(IConfiguration configuration)
    {
        if (configuration.GetConnectionString(TrialName) is not { } trial || string.IsNullOrWhiteSpace(trial))
        {
            return null;
        }

        var database = new MySqlConnectionStringBuilder(trial).Database;
        return database.EndsWith("_trial", StringComparison.Ordinal) && database.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? null
            : $"ConnectionStrings:{TrialName} must name a database whose name ends with _trial: it is dropped for every backup.";
    }

    public static string Harden(string configured) =>
        new MySqlConnectionStringBuilder(configured)
        {
            UseAffectedRows = true, // rows changed, not rows found: compare-and-set depends on it
            ConnectionTimeout = ConnectSeconds,
            DefaultCommandTimeout = CommandSeconds,
            // A command that ran out of time is cut off with its connection. Asking a frozen server to cancel it would wait once more.
            CancellationTimeout = CutAtOnce,
            MaximumPoolSize = MaxConnections,
            ConnectionIdleTimeout = IdleSeconds,
            ConnectionReset = true, // a connection from the pool has no transaction and no session setting of its last user
            AutoEnlist = false,
            AllowLoadLocalInfile = false,
            AllowUserVariables = false,
            PersistSecurityInfo = false, // the password cannot be read back, so it cannot be logged
            NoBackslashEscapes = false, // FirdbConnections sets a sql_mode that agrees: quoting depends on both (no injection)
            CharacterSet = "utf8mb4",
            ApplicationName = "AfirGen",
        }.ConnectionString;
}
