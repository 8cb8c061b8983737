using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Backup;

/// <summary>
/// The rows of <c>fir_records</c> as values alone, the same from either registry: how a backup of one is known to be all of it, to the byte,
/// in the other.
/// </summary>
internal static class RegistryRows
{
    /// <summary>In this order everywhere.</summary>
    public const string Columns = """
        id, fir_number, session_id, complaint_text, fir_content, violations_json, status, station_code, registration_year, registration_serial,
        registration_operation, ledger_position, previous_hash, record_hash, created_at, finalized_at
        """;

    public static readonly string[] Names = Columns.Split(',', StringSplitOptions.TrimEntries);

    private const int PageSize = 100;

    /// <summary>A row's values: null, a whole number, or text.</summary>
    public static object?[] Read(DbDataReader row)
    {
        var values = new object?[row.FieldCount];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] =
                row.IsDBNull(i) ? null
                : row.GetFieldType(i) == typeof(string) ? row.GetString(i)
                : Convert.ToInt64(row.GetValue(i), CultureInfo.InvariantCulture);
        }

        return values;
    }

    private static object?[] Read(SqliteRow row) => [.. Enumerable.Range(0, Names.Length).Select(row.GetValue)];

    /// <summary>All of an embedded registry, in id order, a page at a time.</summary>
    public static IEnumerable<object?[]> Read(SqliteSession session)
    {
        long after = long.MinValue;
        while (true)
        {
            var page = session.List(
                $"SELECT {Columns} FROM fir_records WHERE id > $1 ORDER BY id LIMIT {PageSize}",
                row => Read(row),
                after
            );
            foreach (var row in page)
            {
                yield return row;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            after = (long)page[^1][0]!;
        }
    }

    public static string Sha256(SqliteSession session)
    {
        using var digest = new Digest();
        foreach (var row in Read(session))
        {
            digest.Add(row);
        }

        return digest.Finish();
    }

    /// <summary>Over every value with its length, so that two different tables never have the same bytes.</summary>
    internal sealed class Digest : IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public void Add(object?[] row)
        {
            foreach (var value in row)
            {
                var bytes = value is null ? [] : Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture)!);
                _hash.AppendData(Encoding.ASCII.GetBytes(value is null ? "-\n" : $"{bytes.Length}:"));
                _hash.AppendData(bytes);
            }
        }

        public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

        public void Dispose() => _hash.Dispose();
    }
}
