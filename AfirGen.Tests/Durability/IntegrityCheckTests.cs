using AfirGen.Api.Sqlite;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Durability;

/// <summary>The check that runs beside a service at work.</summary>
public sealed class IntegrityCheckTests : IDisposable
{
    private const int Rows = 100_000;
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteSession _db;

    public IntegrityCheckTests()
    {
        _db = new(CheckedSqliteConnection.Open(File, SqliteAccess.ReadWrite));
        _db.Execute("CREATE TABLE \"it's\" (id INTEGER PRIMARY KEY, text TEXT UNIQUE NOT NULL) STRICT");
        _db.Execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) INSERT INTO \"it's\" SELECT i, 'text ' || i FROM n",
            Rows
        );
    }

    private string File => _folder.File("a.db");

    [Fact]
    public void A_whole_file_is_read_to_its_end()
    {
        var looks = 0;

        Assert.True(IntegrityCheck.TryRequireTables(File, () => ++looks > 0));
        Assert.True(looks > 10, $"asked {looks} times");
    }

    /// <summary>A drain does not wait for the end of a table, and the log is free afterwards.</summary>
    [Fact]
    public void It_ends_in_the_middle_of_a_table_and_leaves_no_snapshot_open()
    {
        var looks = 0;

        Assert.False(IntegrityCheck.TryRequireTables(File, () => ++looks < 5));
        Assert.Equal(5, looks);
        Assert.False(new WriteAheadLog(File, _db).Checkpoint(CheckpointMode.Truncate).Busy);
    }

    /// <summary>Something that is readable and wrong: a row that its index does not have.</summary>
    [Fact]
    public void An_index_that_lacks_a_row_is_damage()
    {
        _db.Execute("PRAGMA writable_schema = ON");
        _db.Execute("UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE type = 'table') WHERE type = 'index'");

        var found = Assert.Throws<StoreNotDurableException>(() => IntegrityCheck.TryRequireTables(File, () => true));

        Assert.Contains("a.db is damaged", found.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _db.Dispose();
        _folder.Dispose();
    }
}
