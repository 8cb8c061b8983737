using AfirGen.Tests.Chat;
using AfirGen.Tests.Stack;
using Microsoft.Data.Sqlite;

namespace AfirGen.Tests.Telemetry;

/// <summary>What a Prometheus server sees: each name as it is alerted on, and each number moving when its thing happens.</summary>
public sealed class MetricsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What operators may alert on. A counter that appears only with its first increment makes alerts miss that one.</summary>
    private static readonly string[] PublishedFromTheStart =
    [
        "afirgen_ack_checked_total",
        "afirgen_ack_missing_total",
        "afirgen_ack_total",
        "afirgen_backup_age_seconds",
        "afirgen_backup_total",
        "afirgen_data_loss_incidents_total",
        "afirgen_drain_cancelled_total",
        "afirgen_drain_refused_total",
        "afirgen_durability_setting_ok",
        "afirgen_flush_total",
        "afirgen_inflight_requests",
        "afirgen_journal_refused_total",
        "afirgen_outbox_age_seconds",
        "afirgen_outbox_delivered_total",
        "afirgen_outbox_depth",
        "afirgen_outbox_failures_total",
        "afirgen_recovered_total",
        "afirgen_restore_verified_age_seconds",
        "afirgen_tx_rollback_total",
        "afirgen_unclean_start_total",
        "afirgen_wal_bytes",
        "afirgen_writer_queue_depth",
    ];

    [Fact]
    public async Task Every_counter_and_gauge_is_there_before_anything_happens()
    {
        await using var stack = await EmbeddedStack.StartAsync();

        var scrape = await Scrape.OfAsync(stack.Client);

        Assert.Equal(PublishedFromTheStart, scrape.Names.Where(IsOurs).Order(StringComparer.Ordinal));
        Assert.All(
            PublishedFromTheStart.Where(name => name.EndsWith("_total", StringComparison.Ordinal)),
            name => Assert.Equal(0, scrape.Sum(name))
        );
    }

    [Fact]
    public async Task A_journey_moves_commits_deliveries_and_rollbacks()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        var processed = await Journeys.CompleteAsync(stack.Client);
        // The intake, five approvals, and the marks of the deliveries, which follow a little later.
        var scrape = await Scrape.WaitForAsync(
            stack.Client,
            s =>
                s.Sum("afirgen_outbox_delivered_total") >= 2
                && s.Sum("afirgen_ack_total") >= 7
                && s.Sum("afirgen_ack_total") == s.Sum("afirgen_commit_batch_size_sum"),
            "deliveries show"
        );

        Assert.InRange(scrape.Sum("afirgen_ack_total"), 7, 12);
        Assert.Equal(scrape.Sum("afirgen_commit_seconds_count"), scrape.Sum("afirgen_commit_batch_size_count"));
        Assert.InRange(scrape.Sum("afirgen_commit_seconds_sum"), 0.000_1, 10);
        Assert.Equal(0, scrape.Sum("afirgen_tx_rollback_total"));
        Assert.True(scrape.Sum("afirgen_wal_bytes") > 0);

        // Every correction is decided on the same version: one wins, the others are rolled back (409).
        var corrections = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(i => stack.Client.CorrectAsync(processed["session_id"], $"Correction {i}"))
        );
        var lost = corrections.Count(reply => reply.ProblemType == "conflict");
        await Scrape.WaitForAsync(stack.Client, s => s.Sum("afirgen_tx_rollback_total", "reason=\"rejected\"") == lost, "rollbacks show");
    }

    [Fact]
    public async Task An_outbox_that_cannot_be_delivered_shows_its_depth_and_age_within_seconds()
    {
        await using var stack = await EmbeddedStack.StartAsync(
            new Dictionary<string, string> { ["AfirGen:Forwarding:ConfirmationTimeout"] = "00:00:00.1" }
        );
        await using (var registry = new SqliteConnection($"Data Source={stack.Stores.RegistryFile};Pooling=false"))
        {
            await registry.OpenAsync(Cancellation);
            await using var locked = registry.BeginTransaction(deferred: false);
            var reply = (await stack.Client.ProcessAsync("the registry is locked")).RequireOk();
            Assert.Equal("journal", reply.Headers["X-Durability"]);

            var scrape = await Scrape.WaitForAsync(stack.Client, s => s.Sum("afirgen_outbox_depth") == 1, "the depth shows");
            Assert.True(scrape.Sum("afirgen_outbox_age_seconds") > 0);
            await Scrape.WaitForAsync(stack.Client, s => s.Sum("afirgen_outbox_failures_total") > 0, "the failure shows");
        }

        var after = await Scrape.WaitForAsync(
            stack.Client,
            s => s.Sum("afirgen_outbox_depth") == 0 && s.Sum("afirgen_outbox_delivered_total") == 1,
            "the outbox is empty again"
        );
        Assert.Equal(0, after.Sum("afirgen_outbox_age_seconds"));
    }

    [Fact]
    public async Task A_drain_shows_what_was_in_flight_refused_and_flushed()
    {
        await using var model = await FakeOpenAiServer.StartAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        model.Respond = _ => FakeAnswer.SaysAfter(release, "Stand-in answer.");
        await using var stack = await EmbeddedStack.StartAsync(
            new Dictionary<string, string>
            {
                ["AfirGen:ChatModel:Endpoint"] = model.ChatEndpoint.AbsoluteUri,
                ["AfirGen:ChatModel:Model"] = "stand-in",
            }
        );
        var processing = stack.Client.ProcessAsync("the model takes its time");
        await Scrape.WaitForAsync(stack.Client, s => s.Sum("afirgen_inflight_requests") == 1, "the request in flight shows");

        var drain = stack.Client.PostAsync("/operations/drain");
        await Eventually.TrueAsync(async () => (await stack.Client.GetAsync("/list_firs")).Status == 503, "new requests are refused");
        release.SetResult();
        (await processing).RequireOk();
        (await drain).RequireOk();

        var scrape = await Scrape.WaitForAsync(stack.Client, s => s.Has("afirgen_shutdown_duration_seconds_count"), "the drain shows");
        Assert.True(scrape.Sum("afirgen_drain_refused_total") >= 1);
        Assert.Equal(0, scrape.Sum("afirgen_inflight_requests"));
        foreach (var step in new[] { "outbox", "journal", "registry" })
        {
            Assert.Equal(1, scrape.Sum("afirgen_flush_total", $"step=\"{step}\"", "outcome=\"ok\""));
            Assert.Equal(1, scrape.Sum("afirgen_flush_duration_seconds_count", $"step=\"{step}\"", "outcome=\"ok\""));
        }

        Assert.Equal(0, scrape.Sum("afirgen_flush_total", "outcome=\"error\""));
        Assert.Equal(1, scrape.Sum("afirgen_shutdown_duration_seconds_count", "outcome=\"clean\""));
        Assert.InRange(scrape.Sum("afirgen_shutdown_duration_seconds_sum"), 0.000_1, 30);
    }

    [Fact]
    public async Task A_kill_shows_as_an_unclean_start_and_what_it_recovered()
    {
        await using var stack = await EmbeddedStack.StartAsync(
            new Dictionary<string, string> { ["AfirGen:Testing:CrashPoint"] = "P2" } // committed to the journal, not delivered
        );
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => stack.Client.ProcessAsync("Test"));
        await stack.Api.WaitForExitAsync();
        stack.Settings.Remove("AfirGen:Testing:CrashPoint");
        await stack.StartApiAsync();

        var scrape = await Scrape.OfAsync(stack.Client);

        Assert.Equal(1, scrape.Sum("afirgen_unclean_start_total"));
        Assert.Equal(1, scrape.Sum("afirgen_recovered_total", "kind=\"outbox\""));
        Assert.Equal(0, scrape.Sum("afirgen_recovered_total", "kind=\"upload\""));
    }

    private static bool IsOurs(string name) => name.StartsWith("afirgen_", StringComparison.Ordinal);
}
