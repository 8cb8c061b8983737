using System.Net.Sockets;
using AfirGen.Api.Sqlite;
using MySqlConnector;

namespace AfirGen.Api.Registry.MySql;

/// <summary>What an error of MySQL means for a delivery.</summary>
internal static class MySqlFailure
{
    /// <summary>Somebody else held a lock. The transaction is rolled back, and the same one again will do.</summary>
    public static bool IsLockConflict(Exception e) =>
        e is MySqlException { ErrorCode: MySqlErrorCode.LockDeadlock or MySqlErrorCode.LockWaitTimeout };

    /// <summary>Two processes inserted the same key at once. The next attempt sees the other's row.</summary>
    public static bool IsDuplicateKey(Exception e) => e is MySqlException { ErrorCode: MySqlErrorCode.DuplicateKeyEntry };

    /// <summary>The account is known, and may not do this.</summary>
    public static bool IsMissingPrivilege(MySqlException e) => (int)e.ErrorCode is 1142 or 1227;

    /// <summary>
    /// The server or the way to it, not the change: to be tried again later. Anything else is about the change itself, and must not be
    /// repeated for ever.
    /// </summary>
    public static bool IsUnavailable(Exception e) =>
        e switch
        {
            StoreNotDurableException or IOException or SocketException or TimeoutException => true,
            MySqlException mysql => IsLockConflict(e) || mysql.IsTransient || Reason(mysql) is not null || IsConnection(mysql),
            _ => false,
        };

    public static RegistryUnavailableException Unavailable(Exception e, bool outcomeUnknown) => new(Describe(e), outcomeUnknown, e);

    private static string Describe(Exception e) =>
        e switch
        {
            StoreNotDurableException => e.Message,
            MySqlException mysql when Reason(mysql) is { } reason => $"{reason} ({(int)mysql.ErrorCode}: {mysql.Message})",
            MySqlException { ErrorCode: MySqlErrorCode.CommandTimeoutExpired } => "MySQL did not answer in time.",
            MySqlException mysql when IsConnection(mysql) => $"MySQL cannot be reached: {mysql.Message}",
            _ => $"MySQL: {e.Message}",
        };

    /// <summary>An exception without a server's error number comes from the driver: the connection is gone.</summary>
    private static bool IsConnection(MySqlException e) =>
        e.ErrorCode is MySqlErrorCode.None or MySqlErrorCode.CommandTimeoutExpired or MySqlErrorCode.UnableToConnectToHost
        || e.InnerException is IOException or SocketException;

    /// <summary>In an operator's words; null when it is none of these.</summary>
    private static string? Reason(MySqlException e) =>
        (int)e.ErrorCode switch
        {
            1040 or 1203 or 1226 => "MySQL has no connection left for us: raise max_connections, or the account's limit.",
            1290 or 1792 or 1836 => "MySQL is read-only: a replica, or a primary being maintained. Point firdb at the primary.",
            1021 or 1114 or 1026 or 1030 or 1180 or 1598 or 3 =>
                "MySQL's disk is full, or it cannot write its files. Free space; nothing is lost.",
            1044 or 1045 or 1130 or 1142 or 1143 or 1227 or 1251 or 1370 or 1698 or 1862 or 3118 =>
                "MySQL refuses the account: check user, password and grants in ConnectionStrings:firdb.",
            1419 =>
                $"The migrator account may not create triggers: start mysqld with {MySqlFlags.TriggersWithoutSuper}, or grant it SUPER for the migration.",
            1049 => "The database does not exist: create it, or correct ConnectionStrings:firdb.",
            1146 => "A table of the registry is missing: restart the service, which migrates, or restore a backup.",
            1053 or 1077 or 1079 or 1317 or 1927 or 2006 or 2013 or 3032 or 3169 or 4031 =>
                "MySQL ended the connection: it is stopping, or an operator cut it.",
            _ => null,
        };
}
