using System.Globalization;
using System.Text;
using MySqlConnector;

namespace AfirGen.Api.Registry.MySql;

/// <summary>
/// One command of any number of rows and statements, sent in one round trip. Values are always parameters: no text of a user ever becomes
/// SQL. Not prepared: a connection from the pool has lost its prepared statements.
/// </summary>
internal sealed class SqlText
{
    /// <summary>
    /// A command goes out when it has grown to this many bytes, so it is never longer than this and one record's texts; the guard wants a
    /// max_allowed_packet above both together (<see cref="ServerSettings.MinPacketBytes"/>).
    /// </summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private readonly StringBuilder _sql = new();
    private readonly List<object?> _values = [];

    /// <summary>At most so many bytes on the wire.</summary>
    public long Bytes { get; private set; }

    public bool IsFull => Bytes > MaxBytes;

    /// <param name="sql">A constant.</param>
    public SqlText Sql(string sql)
    {
        _sql.Append(sql);
        Bytes += sql.Length;
        return this;
    }

    public SqlText Value(object? value)
    {
        var name = "@p" + _values.Count.ToString(CultureInfo.InvariantCulture);
        _sql.Append(name);
        _values.Add(value);
        Bytes += value is string text ? 2L * Encoding.UTF8.GetByteCount(text) + 2 : 24; // quoting doubles a byte at most
        return this;
    }

    /// <summary><c>a, b, c</c></summary>
    public SqlText Values(IEnumerable<object?> values)
    {
        var first = true;
        foreach (var value in values)
        {
            Sql(first ? "" : ", ").Value(value);
            first = false;
        }

        return this;
    }

    /// <summary><c>(a, b), (c, d)</c></summary>
    public SqlText Rows<T>(IEnumerable<T> rows, Func<T, object?[]> values)
    {
        var first = true;
        foreach (var row in rows)
        {
            Sql(first ? "(" : ", (").Values(values(row)).Sql(")");
            first = false;
        }

        return this;
    }

    public MySqlCommand ToCommand(MySqlConnection connection, MySqlTransaction? transaction = null)
    {
#pragma warning disable CA2100 // Sql takes constants; everything else is a parameter
        var command = new MySqlCommand(_sql.ToString(), connection, transaction);
#pragma warning restore CA2100
        for (var i = 0; i < _values.Count; i++)
        {
            command.Parameters.AddWithValue("@p" + i.ToString(CultureInfo.InvariantCulture), _values[i]);
        }

        return command;
    }
}
