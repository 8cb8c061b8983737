using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AfirGen.Api.Sqlite;

/// <summary>
/// One compiled statement, kept as long as its connection. ADO.NET's commands look every parameter up by name and build a reader and a copy
/// of every text each time; under load that is as much work as the writing itself.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    /// <summary>Shorter texts are converted on the stack.</summary>
    private const int MaxStackBytes = 512;

    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    /// <summary>Where the value of <c>$1</c>, <c>$2</c>, … is bound: SQLite numbers them as they appear, not as they are called.</summary>
    private readonly int[] _places;

    /// <param name="sql">A constant: all values are bound, no text of a user ever becomes SQL.</param>
    /// <exception cref="SqliteException">It does not compile.</exception>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        Require(raw.sqlite3_prepare_v3(_connection, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement, out var rest));
        if (!string.IsNullOrWhiteSpace(rest))
        {
            _statement.Dispose();
            throw new ArgumentException($"One statement is wanted, this follows it: {rest}", nameof(sql));
        }

        _places = new int[raw.sqlite3_bind_parameter_count(_statement)];
        for (var i = 0; i < _places.Length; i++)
        {
            _places[i] = raw.sqlite3_bind_parameter_index(_statement, $"${i + 1}");
        }
    }

    /// <returns>Rows changed by the last statement that changes rows.</returns>
    public int Execute(ReadOnlySpan<object?> values)
    {
        Run(values, static (_, _) => false, state: false);
        return raw.sqlite3_changes(_connection);
    }

    /// <param name="read">Given each row; false ends the reading.</param>
    /// <exception cref="SqliteException">It failed; nothing of it stays open.</exception>
    public void Run<TState>(ReadOnlySpan<object?> values, Func<SqliteRow, TState, bool> read, TState state)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, _places.Length);
        try
        {
            for (var i = 0; i < values.Length; i++)
            {
                Require(Bind(_places[i], values[i]));
            }

            var wanted = true;
            int result;
            while ((result = raw.sqlite3_step(_statement)) == raw.SQLITE_ROW)
            {
                wanted = wanted && read(new(_statement), state);
            }

            Require(result);
        }
        finally
        {
            // A statement that is not reset holds its snapshot, and with it every checkpoint; its bindings would keep a whole upload.
            _ = raw.sqlite3_reset(_statement);
            _ = raw.sqlite3_clear_bindings(_statement);
        }
    }

    public void Dispose() => _statement.Dispose();

    private int Bind(int index, object? value) =>
        value switch
        {
            null => raw.sqlite3_bind_null(_statement, index),
            string text => BindText(index, text),
            long number => raw.sqlite3_bind_int64(_statement, index, number),
            int number => raw.sqlite3_bind_int64(_statement, index, number),
            byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(_statement, index, 0), // no bytes would be bound as NULL
            byte[] bytes => raw.sqlite3_bind_blob(_statement, index, bytes),
            _ => throw new ArgumentException($"A value of type {value.GetType()} cannot be bound.", nameof(value)),
        };

    /// <summary>With its length, so that a NUL in what people wrote does not end it.</summary>
    private int BindText(int index, string text)
    {
        if (text.Length == 0)
        {
            return raw.sqlite3_bind_text(_statement, index, text); // an empty span would be bound as NULL
        }

        var longest = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = longest > MaxStackBytes ? ArrayPool<byte>.Shared.Rent(longest) : null;
        try
        {
            var bytes = rented ?? stackalloc byte[MaxStackBytes];
            return raw.sqlite3_bind_text(_statement, index, (ReadOnlySpan<byte>)bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private void Require(int result) => SqliteException.ThrowExceptionForRC(result, _connection);
}
