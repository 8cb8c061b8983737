namespace AfirGen.Api.Sqlite;

/// <summary>
/// A connection with its statements, each compiled once. Not thread-safe: one owner at a time. Parameters are positional:
/// <c>$1</c>, <c>$2</c>, …
/// </summary>
internal sealed class SqliteSession(CheckedSqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteStatement> _statements = [];

    public CheckedSqliteConnection Connection { get; } = connection;

    /// <returns>Rows changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Statement(sql).Execute(values);

    public T? Scalar<T>(string sql, params ReadOnlySpan<object?> values)
    {
        var found = new Found<object>();
        Statement(sql).Run(values, static (row, found) => found.Take(row.GetValue(0)), found);
        return found.Value is null ? default : (T)found.Value;
    }

    public T? Single<T>(string sql, Func<SqliteRow, T> map, params ReadOnlySpan<object?> values)
        where T : class
    {
        var found = new Found<T>();
        Statement(sql).Run(values, static (row, s) => s.found.Take(s.map(row)), (found, map));
        return found.Value;
    }

    public List<T> List<T>(string sql, Func<SqliteRow, T> map, params ReadOnlySpan<object?> values)
    {
        var rows = new List<T>();
        Statement(sql)
            .Run(
                values,
                static (row, s) =>
                {
                    s.rows.Add(s.map(row));
                    return true;
                },
                (rows, map)
            );
        return rows;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        Connection.Dispose();
    }

    private SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements.Add(sql, statement = new(Connection, sql));
        }

        return statement;
    }

    private sealed class Found<T>
        where T : class
    {
        public T? Value { get; private set; }

        /// <returns>False: the first row is enough.</returns>
        public bool Take(T? value)
        {
            Value = value;
            return false;
        }
    }
}
