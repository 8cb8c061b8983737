using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Sqlite;

/// <summary>What an SQLite error means for the guarantee.</summary>
internal static class SqliteFailure
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int NoMemory = 7;
    private const int ReadOnly = 8;
    private const int Interrupted = 9;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;
    private const int Constraint = 19;

    /// <summary>No space left: the transaction is rolled back whole, and the store works again once there is space.</summary>
    public static bool IsDiskFull(SqliteException e) => e.SqliteErrorCode == Full;

    public static bool IsInterrupted(SqliteException e) => e.SqliteErrorCode == Interrupted;

    public static bool IsConstraint(SqliteException e) => e.SqliteErrorCode == Constraint;

    public static bool IsBusy(SqliteException e) => e.SqliteErrorCode is Busy or Locked;

    /// <summary>What is in the file is not what was written to it.</summary>
    public static bool IsDamage(SqliteException e) => e.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>A store that cannot be read must not go on acknowledging what nobody will read.</summary>
    public static bool IsUnreadable(SqliteException e) => e.SqliteErrorCode == IoError || IsDamage(e);

    /// <summary>
    /// After one of these it is unknown what reached the disk. A failed fsync above all is never retried: the kernel may have dropped the
    /// dirty pages and would report success the second time. The process stops and the next start recovers from what is really there (G8).
    /// </summary>
    public static bool IsFatal(SqliteException e) =>
        e.SqliteErrorCode is IoError or Corrupt or NotADatabase or ReadOnly or CannotOpen or NoMemory;
}
