using AfirGen.Api.Journal;
using AfirGen.Api.Sqlite;
using AfirGen.Tests.Stack;
using Microsoft.Data.Sqlite;

namespace AfirGen.Tests.Durability;

/// <summary>Damage on the disk is found while the service runs, before somebody happens to read the page.</summary>
public sealed class IntegrityWatchTests
{
    private const int PageLength = 4096;

    [Theory]
    [InlineData("sessions.db", "journal", "idempotency")]
    [InlineData("firs.db", "registry", "fir_records")]
    public async Task G6_a_page_that_is_damaged_under_the_running_service_shows_in_the_metric_the_log_and_health(
        string name,
        string store,
        string table
    )
    {
        await using var stack = await EmbeddedStack.StartAsync(
            new Dictionary<string, string> { ["AfirGen:Housekeeping:IntegrityInterval"] = "00:00:00.2" }
        );
        (await stack.Client.ProcessAsync(Complaints.Theft, "a")).RequireOk();
        (await stack.Client.PostAsync("/operations/drain")).RequireOk(); // every page is in the file, none in the log
        (await stack.Client.PostAsync("/operations/resume")).RequireOk();
        await Scrape.WaitForAsync(stack.Client, Sound(1), "both files are sound");

        await DamageIndexAsync(Path.Combine(stack.DataFolder, name), table);

        await Scrape.WaitForAsync(stack.Client, scrape => scrape.Sum("afirgen_integrity_ok", $"store=\"{store}\"") == 0, "it is found");
        Assert.Equal(1, (await Scrape.OfAsync(stack.Client)).Sum("afirgen_integrity_ok")); // the other one is sound
        Assert.Contains($"{name} is damaged", (await stack.Client.GetAsync("/health")).Text, StringComparison.Ordinal);
        Assert.Single(
            stack.Api.Log,
            line => line.Contains("Critical", StringComparison.Ordinal) && line.Contains(name, StringComparison.Ordinal)
        );

        Func<Scrape, bool> Sound(int value) =>
            scrape =>
                scrape.Has("afirgen_integrity_ok")
                && scrape.LabelsOf("afirgen_integrity_ok")["store"].Contains("registry")
                && scrape.Sum("afirgen_integrity_ok") == 2 * value;
    }

    [Fact]
    public async Task A_check_that_is_told_to_end_ends_without_a_verdict_and_holds_up_no_checkpoint()
    {
        using var stack = new JournalStack(new JournalOptions());
        await stack.Store.WriteAsync(
            db =>
                db.Execute(
                    "CREATE TABLE much AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i, hex(randomblob(100)) AS text FROM n"
                ),
            TestContext.Current.CancellationToken
        );
        var asked = 0;

        Assert.Null(IntegrityCheck.Find(stack.Folder.JournalFile, () => ++asked < 3));

        await stack.Store.FlushAsync(TestContext.Current.CancellationToken); // throws when a reader holds the log
        Assert.Empty(IntegrityCheck.Find(stack.Folder.JournalFile, () => true)!);
    }

    /// <summary>Overwrites the root of an index: nobody reads it by chance, as they would the table's.</summary>
    private static async Task DamageIndexAsync(string file, string table)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT MAX(rootpage) FROM sqlite_master WHERE type = 'index' AND tbl_name = $1";
        command.Parameters.AddWithValue("$1", table);
        var page = (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.Seek((page - 1) * PageLength, SeekOrigin.Begin);
        var rubbish = new byte[PageLength];
        Array.Fill(rubbish, (byte)0x5A);
        await stream.WriteAsync(rubbish, TestContext.Current.CancellationToken);
    }
}
