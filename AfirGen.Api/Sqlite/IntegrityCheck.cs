namespace AfirGen.Api.Sqlite;

internal static class IntegrityCheck
{
    /// <exception cref="StoreNotDurableException">The file is damaged; the message says what SQLite found.</exception>
    public static void Require(SqliteSession session)
    {
        var found = session.List("PRAGMA quick_check(5)", row => row.GetString(0));
        if (found is not ["ok"])
        {
            throw new StoreNotDurableException(
                $"{session.Connection.DataSource} is damaged: {string.Join("; ", found)}. Restore it from a backup; nothing was changed."
            );
        }
    }
}
