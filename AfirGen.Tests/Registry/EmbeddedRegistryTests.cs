using AfirGen.Api.Registry;
using AfirGen.Tests.Stack;
using Microsoft.Data.Sqlite;
using static AfirGen.Tests.Registry.RegistryStack;

namespace AfirGen.Tests.Registry;

/// <summary>Each change is idempotent, each delivery one transaction, each registered FIR final.</summary>
public sealed class EmbeddedRegistryTests : IAsyncLifetime
{
    private RegistryStack _stack = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stack = await OpenAsync();

    public ValueTask DisposeAsync()
    {
        _stack.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task G3_delivering_everything_twice_changes_nothing()
    {
        RegistryChange[] changes = [Draft("a"), Pending("a"), Registration("a")];
        var first = await _stack.DeliverAsync(changes);
        var record = await _stack.FindAsync("a");

        var second = await _stack.DeliverAsync(changes);

        Assert.Equal(first[2], second[2]);
        Assert.Equal(record, await _stack.FindAsync("a"));
        Assert.Equal(1, _stack.Stores.RegistryCount("fir_records"));
        Assert.Equal([1], Serials());
    }

    [Fact]
    public async Task A_draft_that_comes_late_does_not_undo_a_pending_one()
    {
        await _stack.DeliverAsync(Draft("a"), Pending("a"));

        await _stack.DeliverAsync(Draft("a", "older text"));

        var record = await _stack.FindAsync("a");
        Assert.Equal((FirStatus.Pending, "complaint", "FIR"), (record.Status, record.ComplaintText, record.FirContent));
    }

    [Fact]
    public async Task A_draft_delivered_again_brings_the_text_that_was_read_meanwhile()
    {
        await _stack.DeliverAsync(Draft("a", ""));
        await _stack.DeliverAsync(Draft("a", "what the photograph says"));

        Assert.Equal("what the photograph says", (await _stack.FindAsync("a")).ComplaintText);
    }

    [Fact]
    public async Task G3_the_same_operation_gets_the_same_answer_and_another_one_is_refused()
    {
        var first = Assert.IsType<Registered>(await _stack.RegisterAsync("a"));

        var again = await _stack.DeliverAsync(Registration("a", year: 2027));
        var other = await _stack.DeliverAsync(Registration("a", "another operation"));

        Assert.Equal(first, again[0]);
        Assert.Equal(new Refused(Refused.AlreadyFinalized), other[0]);
        Assert.Equal([1], Serials());
    }

    [Fact]
    public async Task What_is_unknown_or_not_rendered_yet_is_not_registered_and_uses_no_serial()
    {
        var outcomes = await _stack.DeliverAsync(Registration("nobody"), Draft("a"), Registration("a"));

        Assert.Equal(new Refused(Refused.Unknown), outcomes[0]);
        Assert.Equal(new Refused(Refused.NotPending), outcomes[2]);
        Assert.Equal(0, _stack.Stores.RegistryCount("registration_counters"));
    }

    [Fact]
    public async Task G4_serials_are_gapless_for_each_station_and_year()
    {
        var numbers = new List<string>();
        foreach (
            var (id, station, year) in new[]
            {
                ("a", "KTW", 2026),
                ("b", "KTW", 2026),
                ("c", "SDR", 2026),
                ("d", "KTW", 2027),
                ("e", "KTW", 2026),
            }
        )
        {
            numbers.Add(Assert.IsType<Registered>(await _stack.RegisterAsync(id, station, year)).Registration.Number);
        }

        Assert.Equal(["KTW/2026/0001", "KTW/2026/0002", "SDR/2026/0001", "KTW/2027/0001", "KTW/2026/0003"], numbers);
    }

    [Fact]
    public async Task G2_G4_a_delivery_that_fails_half_way_leaves_no_trace_and_no_gap()
    {
        await _stack.RegisterAsync("a");

        // The third change breaks a constraint after the second has taken a serial.
        await Assert.ThrowsAsync<SqliteException>(() =>
            _stack.DeliverAsync(
                Draft("b"),
                Pending("b"),
                Registration("b"),
                new RecordPending("a2", Number("a2"), "", "", "no json"),
                new RecordDraft("other-session", Number("a"), "the number exists", Rows.At)
            )
        );

        Assert.Null(await _stack.Registry.FindAsync(Number("b"), Cancellation));
        var next = Assert.IsType<Registered>(await _stack.RegisterAsync("b"));
        Assert.Equal(2, next.Registration.Serial);
        Assert.Equal([1, 2], Serials());
    }

    [Fact]
    public async Task G4_many_registrations_at_once_get_different_serials_without_a_gap()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => _stack.RegisterAsync($"r{i}"), Cancellation)));

        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), Serials());
    }

    [Theory]
    [InlineData("UPDATE fir_records SET fir_content = 'altered'")]
    [InlineData("UPDATE fir_records SET status = 'pending'")]
    [InlineData("DELETE FROM fir_records")]
    [InlineData("UPDATE registration_counters SET last_serial = last_serial - 1")]
    [InlineData("UPDATE registration_counters SET last_serial = last_serial + 2")]
    [InlineData("DELETE FROM registration_counters")]
    public async Task G6_the_database_refuses_to_alter_what_is_registered(string sql)
    {
        await _stack.RegisterAsync("a");

        Assert.Throws<SqliteException>(() => Stores.Tamper(_stack.Stores.RegistryFile, sql));

        Assert.Equal((FirStatus.Finalized, "FIR"), ((await _stack.FindAsync("a")).Status, (await _stack.FindAsync("a")).FirContent));
    }

    [Fact]
    public async Task A_pending_change_of_a_finalized_record_is_refused_as_an_answer_not_as_an_error()
    {
        await _stack.RegisterAsync("a");

        var outcomes = await _stack.DeliverAsync(Pending("a", "altered"), Draft("b"));

        Assert.Equal(new Refused(Refused.AlreadyFinalized), outcomes[0]);
        Assert.IsType<Recorded>(outcomes[1]);
        Assert.Equal("FIR", (await _stack.FindAsync("a")).FirContent);
    }

    [Fact]
    public async Task The_list_has_the_newest_first_also_when_the_times_are_equal()
    {
        await _stack.DeliverAsync(Draft("b", at: "2026-10-16T04:30:00.0000000Z"), Draft("a", at: "2026-10-16T04:30:00.0000000Z"));
        await _stack.DeliverAsync(Draft("new", at: "2026-10-16T04:30:00.0000001Z"), Draft("old", at: "2026-10-16T04:29:59.9999999Z"));

        var all = await _stack.Registry.ListAsync(10, 0, Cancellation);
        var page = await _stack.Registry.ListAsync(2, 1, Cancellation);

        Assert.Equal(["FIR-new", "FIR-a", "FIR-b", "FIR-old"], all.Select(l => l.FirNumber));
        Assert.Equal(all.Skip(1).Take(2), page);
    }

    [Fact]
    public async Task Statuses_are_told_for_the_numbers_that_exist()
    {
        await _stack.DeliverAsync(Draft("d"), Draft("p"), Pending("p"));
        await _stack.RegisterAsync("f");

        var statuses = await _stack.Registry.StatusesAsync([Number("d"), Number("p"), Number("f"), Number("nobody")], Cancellation);

        Assert.Equal(
            new Dictionary<string, string>
            {
                [Number("d")] = "draft",
                [Number("p")] = "pending",
                [Number("f")] = "finalized",
            },
            statuses
        );
    }

    [Fact]
    public async Task Any_text_comes_back_as_it_was_given()
    {
        const string text = "मेरा 'बैग' \"चोरी\"\r\n\tசென்னை 👮‍♀️ \u0000 \\ %s <b>";
        await _stack.DeliverAsync(Draft("a", text));

        Assert.Equal(text, (await _stack.FindAsync("a")).ComplaintText);
    }

    [Fact]
    public async Task Another_programs_lock_makes_it_unavailable_with_certainly_no_effect()
    {
        await using var other = new SqliteConnection($"Data Source={_stack.Stores.RegistryFile};Pooling=false");
        await other.OpenAsync(Cancellation);
        await using (var locked = other.BeginTransaction(deferred: false))
        {
            var refused = await Assert.ThrowsAsync<RegistryUnavailableException>(() => _stack.DeliverAsync(Draft("a")));
            Assert.False(refused.OutcomeUnknown);
        }

        Assert.IsType<Recorded>((await _stack.DeliverAsync(Draft("a")))[0]);
    }

    private List<long> Serials() =>
        _stack.Stores.Registry(
            "SELECT registration_serial FROM fir_records WHERE registration_serial IS NOT NULL ORDER BY 1",
            row => row.GetInt64(0)
        );
}
