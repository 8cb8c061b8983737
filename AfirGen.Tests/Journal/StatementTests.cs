using AfirGen.Api.Sqlite;
using AfirGen.Tests.Stack;
using Microsoft.Data.Sqlite;

namespace AfirGen.Tests.Journal;

/// <summary>What is bound to a statement is what is stored, and what is stored is what is read.</summary>
public sealed class StatementTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteSession _db;

    public StatementTests()
    {
        _db = new(CheckedSqliteConnection.Open(_folder.File("a.db"), SqliteAccess.ReadWrite));
        _db.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT UNIQUE, bytes BLOB) STRICT");
    }

    public static TheoryData<string> Texts =>
        [
            "",
            "\0",
            "before\0after",
            "मेरा बैग चोरी\r\n👮‍♀️",
            new string('x', 511),
            new string('அ', 200),
            string.Concat(Enumerable.Repeat("🙏\0", 20_000)),
        ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_comes_back_as_it_was(string text)
    {
        _db.Execute("INSERT INTO t (id, text) VALUES (1, $1)", text);

        Assert.Equal(text, _db.Single("SELECT text FROM t", row => row.GetString(0)));
        Assert.Equal(text, _db.Scalar<string>("SELECT text FROM t"));
        Assert.Equal(1, _db.Scalar<long>("SELECT id FROM t WHERE text = $1", text));
        Assert.Equal("text", _db.Scalar<string>("SELECT typeof(text) FROM t"));
    }

    [Fact]
    public void No_bytes_are_bytes_and_NULL_is_neither_text_nor_number()
    {
        _db.Execute("INSERT INTO t (id, bytes) VALUES ($1, $2), ($3, $4)", 1, Array.Empty<byte>(), 2L, null);

        Assert.Empty(Assert.Single(_db.List("SELECT bytes FROM t WHERE id = 1", row => row.GetBytes(0))));
        Assert.Null(Assert.Single(_db.List("SELECT text FROM t WHERE id = 1", row => row.NullableString(0))));
        Assert.Throws<InvalidOperationException>(() => _db.Single("SELECT text FROM t", row => row.GetString(0)));
        Assert.Throws<InvalidOperationException>(() => _db.List("SELECT bytes FROM t WHERE id = 2", row => row.GetBytes(0)));
        Assert.Throws<InvalidOperationException>(() => _db.List("SELECT bytes FROM t WHERE id = 2", row => row.GetInt64(0)));
    }

    [Fact]
    public void A_value_goes_to_the_parameter_of_its_number_wherever_that_stands()
    {
        _db.Execute("INSERT INTO t (text, id) VALUES ($2, $1)", 7, "seven");

        Assert.Equal("seven", _db.Scalar<string>("SELECT text FROM t WHERE id > $3 AND text = $2 AND id = $1", 7, "seven", 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => _db.Execute("DELETE FROM t WHERE id = $1 AND text = $2", 7));
    }

    [Fact]
    public void A_statement_that_failed_works_the_next_time()
    {
        const string insert = "INSERT INTO t (text) VALUES ($1) RETURNING id";
        _db.Scalar<long>(insert, "a");

        var refused = Assert.Throws<SqliteException>(() => _db.Scalar<long>(insert, "a"));

        Assert.True(SqliteFailure.IsConstraint(refused));
        Assert.Contains("UNIQUE constraint failed: t.text", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, _db.Scalar<long>(insert, "b"));
        Assert.Equal(2, _db.Execute("UPDATE t SET bytes = NULL"));
    }

    /// <summary>A snapshot that stays open keeps the log from being emptied: the flush of a drain would fail.</summary>
    [Fact]
    public void A_reading_that_ends_half_way_leaves_no_snapshot_open()
    {
        _db.Execute("INSERT INTO t (id) VALUES (1), (2), (3)");
        using var reader = new SqliteSession(CheckedSqliteConnection.Open(_folder.File("a.db"), SqliteAccess.ReadOnly));
        Assert.Throws<InvalidDataException>(() => reader.List<long>("SELECT id FROM t", _ => throw new InvalidDataException()));

        _db.Execute("INSERT INTO t (id) VALUES (4)");

        Assert.False(new WriteAheadLog(_folder.File("a.db"), _db).Checkpoint(CheckpointMode.Truncate).Busy);
        Assert.Equal(4, reader.Scalar<long>("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void Two_statements_in_one_text_are_refused_and_the_first_is_not_run()
    {
        Assert.Throws<ArgumentException>(() => _db.Execute("DELETE FROM t; DROP TABLE t"));

        Assert.Equal(0, _db.Scalar<long>("SELECT COUNT(*) FROM t"));
    }

    public void Dispose()
    {
        _db.Dispose();
        _folder.Dispose();
    }
}
