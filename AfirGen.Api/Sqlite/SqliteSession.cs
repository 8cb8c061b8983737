using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Sqlite;

/// <summary>
/// Prepared statements of one connection, compiled once per SQL text. Not thread-safe: one owner at a time.
/// Parameters are positional: <c>$1</c>, <c>$2</c>, …
/// </summary>
internal sealed class SqliteSession(CheckedSqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _prepared = [];

    public CheckedSqliteConnection Connection { get; } = connection;

    /// <returns>Rows changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    public T? Scalar<T>(string sql, params ReadOnlySpan<object?> values)
    {
        var value = Bind(sql, values).ExecuteScalar();
        return value is null or DBNull ? default : (T)value;
    }

    public T? Single<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> values)
        where T : class
    {
        using var reader = Bind(sql, values).ExecuteReader();
        return reader.Read() ? map(reader) : null;
    }

    public List<T> List<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> values)
    {
        using var reader = Bind(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        Connection.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = Connection.CreateCommand();
            // Callers pass constants, all values are bound: no text of a user ever becomes SQL.
#pragma warning disable CA2100
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            }

            _prepared.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}

internal static class SqliteDataReaderExtensions
{
    public static string? NullableString(this SqliteDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
}
