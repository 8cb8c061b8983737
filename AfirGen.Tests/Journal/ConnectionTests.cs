using AfirGen.Api.Sqlite;
using AfirGen.Tests.Stack;
using Microsoft.Extensions.Logging.Abstractions;

namespace AfirGen.Tests.Journal;

/// <summary>Every connection is opened in one place and checked there (G7).</summary>
[Trait("Defect", "D-39")]
public sealed class ConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_writer_and_every_pooled_reader_sync_on_commit()
    {
        using var stack = new JournalStack(new() { Readers = 3 });
        using var together = new Barrier(3);
        Task<IReadOnlyList<DurabilitySetting>> ReadAsync() =>
            Task.Run(
                () =>
                    stack.Store.ReadAsync(
                        db =>
                        {
                            together.SignalAndWait(Cancellation); // no connection serves two of these
                            return db.Connection.ReadSettings();
                        },
                        Cancellation
                    ),
                Cancellation
            );

        var readers = await Task.WhenAll(ReadAsync(), ReadAsync(), ReadAsync());
        var writer = await stack.Store.WriteAsync(db => db.Connection.ReadSettings(), Cancellation);

        Assert.All([.. readers, writer], settings => Assert.Contains(settings, s => s is { Name: "synchronous", Found: "2" }));
        Assert.All([.. readers, writer], settings => Assert.Contains(settings, s => s is { Name: "journal_mode", Found: "wal" }));
        Assert.All([.. readers, writer], settings => Assert.All(settings, s => Assert.True(s.Ok, $"{s.Name} is {s.Found}")));
        Assert.All(readers, settings => Assert.Contains(settings, s => s is { Name: "query_only", Found: "1" }));
    }

    [Theory]
    [InlineData("synchronous=OFF")]
    [InlineData("synchronous=NORMAL")]
    [InlineData("foreign_keys=OFF")]
    [InlineData("busy_timeout=0")]
    [InlineData("wal_autocheckpoint=1000")]
    public void G7_a_connection_that_came_up_with_another_setting_is_refused(string pragma)
    {
        using var folder = new TemporaryFolder();
        using var connection = CheckedSqliteConnection.Open(folder.File("a.db"), SqliteAccess.ReadWrite);
        connection.RequireDurable();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants
        command.CommandText = $"PRAGMA {pragma}";
#pragma warning restore CA2100
        command.ExecuteNonQuery();

        var refused = Assert.Throws<StoreNotDurableException>(connection.RequireDurable);

        Assert.Contains($"PRAGMA {pragma.Split('=')[0]} is", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void G7_a_store_that_cannot_have_a_write_ahead_log_is_refused()
    {
        var refused = Assert.Throws<StoreNotDurableException>(() => CheckedSqliteConnection.Open(":memory:", SqliteAccess.ReadWrite));

        Assert.Contains("journal_mode is memory, wanted wal", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void G7_the_connection_that_migrates_is_checked_like_every_other()
    {
        var refused = Assert.ThrowsAny<Exception>(() =>
            Migrations.Run(":memory:", Api.Journal.JournalStore.MigrationTag, JournalStack.NoCrashPoints, NullLoggerFactory.Instance)
        );

        Assert.IsType<StoreNotDurableException>(refused.GetBaseException());
    }

    [Fact]
    public void G7_a_reader_of_a_file_without_write_ahead_log_is_refused()
    {
        using var folder = new TemporaryFolder();
        Stores.Tamper(folder.File("old.db"), "PRAGMA journal_mode=DELETE; CREATE TABLE t (a)");

        Assert.Throws<StoreNotDurableException>(() => CheckedSqliteConnection.Open(folder.File("old.db"), SqliteAccess.ReadOnly));
    }

    [Theory]
    [InlineData("3.51.2", false)]
    [InlineData("3.46.1", false)]
    [InlineData("3.51.3", true)]
    [InlineData("3.53.4", true)]
    [InlineData("4.0.0", true)]
    public void G7_an_sqlite_that_can_corrupt_a_write_ahead_log_is_refused(string version, bool safe)
    {
        var refused = Record.Exception(() => CheckedSqliteConnection.RequireSafeVersion(version));

        Assert.Equal(safe, refused is null);
        Assert.True(safe || refused is StoreNotDurableException);
    }
}
