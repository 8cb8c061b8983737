using System.Text;
using SQLitePCL;

namespace AfirGen.Api.Sqlite;

/// <summary>The row at which a statement stands. Valid until the next one is asked for.</summary>
internal readonly struct SqliteRow(sqlite3_stmt statement)
{
    public bool IsDBNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    /// <exception cref="InvalidOperationException">It is NULL.</exception>
    public string GetString(int column) => Encoding.UTF8.GetString(Bytes(column));

    public string? NullableString(int column) => IsDBNull(column) ? null : GetString(column);

    /// <exception cref="InvalidOperationException">It is NULL.</exception>
    public byte[] GetBytes(int column) => Bytes(column).ToArray();

    /// <exception cref="InvalidOperationException">It is NULL.</exception>
    public long GetInt64(int column) =>
        IsDBNull(column) ? throw new InvalidOperationException($"Column {column} is NULL.") : raw.sqlite3_column_int64(statement, column);

    /// <exception cref="InvalidOperationException">It is NULL.</exception>
    public int GetInt32(int column) => checked((int)GetInt64(column));

    /// <exception cref="InvalidOperationException">It is NULL.</exception>
    public bool GetBoolean(int column) => GetInt64(column) != 0;

    /// <summary>As SQLite has it: null, a long, a double, a string or bytes.</summary>
    public object? GetValue(int column) =>
        raw.sqlite3_column_type(statement, column) switch
        {
            raw.SQLITE_NULL => null,
            raw.SQLITE_INTEGER => raw.sqlite3_column_int64(statement, column),
            raw.SQLITE_FLOAT => raw.sqlite3_column_double(statement, column),
            raw.SQLITE_TEXT => GetString(column),
            _ => GetBytes(column),
        };

    /// <summary>Of a text these are its UTF-8: SQLite keeps it so, with its NULs.</summary>
    private ReadOnlySpan<byte> Bytes(int column) =>
        IsDBNull(column) ? throw new InvalidOperationException($"Column {column} is NULL.") : raw.sqlite3_column_blob(statement, column);
}
