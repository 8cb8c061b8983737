using System.Text;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Ledger;

namespace AfirGen.Tests.Registry;

/// <summary>What every registry promises, whatever stores it.</summary>
public abstract partial class RegistryContract
{
    private IRegistry? _registry;

    private protected IRegistry Registry => _registry ?? throw new InvalidOperationException("Call OpenAsync first.");

    private protected abstract Task<IRegistry> OpenNewAsync();

    [Theory]
    [InlineData(0, 1)] // another database, or one that was set up anew
    [InlineData(1, 2)] // an older copy
    [InlineData(1, 1)] // as long, and not the same
    public async Task G4_a_registry_that_lacks_what_this_service_has_seen_is_not_written(int registered, int seen)
    {
        await OpenAsync();
        for (var i = 0; i < registered; i++)
        {
            await DeliverAsync(Changes.WholeSession($"s{i}"));
        }

        var known = new LedgerHead(seen, new string('a', 64));
        foreach (
            var changes in (RegistryChange[][])
                [
                    [Changes.Draft("new")],
                    Changes.WholeSession("new"),
                ]
        )
        {
            var e = await Assert.ThrowsAsync<RegistryUnavailableException>(() =>
                DeliverAsync([.. changes.Select(change => change with { Known = known })])
            );
            Assert.Equal((false, seen), (e.OutcomeUnknown, e.Fault!.Position));
        }

        Assert.Null(await FindAsync("new"));
    }

    [Fact]
    public async Task G4_a_registry_that_has_more_than_this_service_has_seen_is_written()
    {
        await OpenAsync();
        var first = (Registered)(await DeliverAsync(Changes.WholeSession("a")))[2];
        await DeliverAsync(Changes.WholeSession("b"));

        var outcomes = await DeliverAsync([.. Changes.WholeSession("c").Select(change => change with { Known = first.Entry.AsHead() })]);

        Assert.Equal(3, ((Registered)outcomes[2]).Registration.Serial);
    }

    [Fact]
    public async Task A_complaint_delivered_twice_is_there_once()
    {
        await OpenAsync();
        await DeliverAsync(Changes.Draft("s1", "first"));
        var outcomes = await DeliverAsync(Changes.Draft("s1", "first"));
        Assert.IsType<Recorded>(Assert.Single(outcomes));
        Assert.Single(await Registry.ListAsync(10, 0, Running.Test));
        Assert.Equal("first", (await FindAsync("s1"))!.ComplaintText);
    }

    [Fact]
    public async Task A_draft_delivered_late_leaves_a_pending_record_as_it_is()
    {
        await OpenAsync();
        await DeliverAsync(Changes.Draft("s1"), Changes.Pending("s1", "approved text", "rendered", "[1]"));
        await DeliverAsync(Changes.Draft("s1", "old text"));
        var record = (await FindAsync("s1"))!;
        Assert.Equal(
            ("approved text", "rendered", "[1]", FirStatus.Pending),
            (record.ComplaintText, record.FirContent, record.ViolationsJson, record.Status)
        );
    }

    [Fact]
    public async Task A_later_rendering_replaces_an_earlier_one()
    {
        await OpenAsync();
        await DeliverAsync(Changes.Draft("s1"));
        await DeliverAsync(Changes.Pending("s1", content: "one"));
        await DeliverAsync(Changes.Pending("s1", content: "two"), Changes.Pending("s1", content: "three"));
        Assert.Equal("three", (await FindAsync("s1"))!.FirContent);
    }

    [Fact]
    public async Task Serials_are_gapless_for_each_station_and_year_and_the_ledger_goes_through_all()
    {
        await OpenAsync();
        foreach (var session in new[] { "a", "b", "c", "d" })
        {
            await DeliverAsync(Changes.Draft(session), Changes.Pending(session));
        }

        var outcomes = await DeliverAsync(
            Changes.Register("a"),
            Changes.Register("b", station: "XY"),
            Changes.Register("c"),
            Changes.Register("d", year: 2027)
        );
        var registered = outcomes.Cast<Registered>().ToList();
        Assert.Equal(["PS/2026/0001", "XY/2026/0001", "PS/2026/0002", "PS/2027/0001"], registered.Select(r => r.Registration.Number));
        Assert.Equal([1L, 2L, 3L, 4L], registered.Select(r => r.Entry.Position));
        AssertChain(registered, LedgerHead.Genesis);
    }

    [Fact]
    public async Task The_ledger_goes_on_where_the_last_delivery_ended()
    {
        await OpenAsync();
        var first = (Registered)(await DeliverAsync(Changes.WholeSession("a")))[2];
        var second = (Registered)(await DeliverAsync(Changes.WholeSession("b")))[2];
        AssertChain([first, second], LedgerHead.Genesis);
        Assert.Equal(2, second.Registration.Serial);
    }

    [Fact]
    public async Task A_registration_delivered_twice_gets_the_same_answer()
    {
        await OpenAsync();
        var first = (await DeliverAsync(Changes.WholeSession("a")))[2];
        Assert.Equal(first, (await DeliverAsync(Changes.Register("a")))[0]);
        Assert.All(await DeliverAsync(Changes.Register("a"), Changes.Register("a")), outcome => Assert.Equal(first, outcome));
        Assert.Equal(2, ((Registered)(await DeliverAsync(Changes.WholeSession("b")))[2]).Registration.Serial);
    }

    [Fact]
    public async Task One_registration_twice_in_one_delivery_takes_one_serial()
    {
        await OpenAsync();
        await DeliverAsync(Changes.Draft("a"), Changes.Pending("a"));
        var outcomes = await DeliverAsync(Changes.Register("a"), Changes.Register("a"), Changes.Register("a", operation: "other"));
        Assert.Equal(outcomes[0], outcomes[1]);
        Assert.Equal(new Refused(Refused.AlreadyFinalized), outcomes[2]);
    }

    [Fact]
    public async Task What_cannot_be_registered_is_refused_and_takes_no_serial()
    {
        await OpenAsync();
        await DeliverAsync(Changes.WholeSession("done"));
        await DeliverAsync(Changes.Draft("draft"));
        var outcomes = await DeliverAsync(
            Changes.Register("unknown"),
            Changes.Register("draft"),
            Changes.Register("done", operation: "another request"),
            Changes.Pending("done", "other"),
            Changes.Pending("nowhere")
        );
        Assert.Equal(
            [Refused.Unknown, Refused.NotPending, Refused.AlreadyFinalized, Refused.AlreadyFinalized, Refused.AlreadyFinalized],
            outcomes.Cast<Refused>().Select(refused => refused.Reason)
        );
        Assert.Equal(2, ((Registered)(await DeliverAsync(Changes.WholeSession("next")))[2]).Registration.Serial);
    }

    [Fact]
    public async Task A_finalized_record_never_changes()
    {
        await OpenAsync();
        await DeliverAsync(Changes.WholeSession("a"));
        var before = await FindAsync("a");
        await DeliverAsync(Changes.Draft("a", "tampered"), Changes.Pending("a", "tampered", "tampered"), Changes.Register("a", "again"));
        Assert.Equal(before, await FindAsync("a"));
        Assert.Equal(FirStatus.Finalized, before!.Status);
        Assert.Equal("2026-11-23T11:00:00.0000000Z", before.FinalizedAt);
    }

    [Fact]
    public async Task Any_text_comes_back_byte_for_byte()
    {
        await OpenAsync();
        var longest = string.Concat(Enumerable.Repeat("😀", 50_000));
        string[] texts =
        [
            longest,
            "नई दिल्ली: शिकायत\r\n\tதமிழ் مرحبا 漢字",
            "' \" \\ \\' % _ ; -- /* */ # ` @p0 $1 {0} \0 \u001a \u007f ",
            " leading and trailing  ",
            "e\u0301 é ﬁ \u200d\ufeff\u2028",
            "'; DROP TABLE fir_records; --",
        ];
        for (var i = 0; i < texts.Length; i++)
        {
            await DeliverAsync(Changes.Draft($"s{i}", texts[i]), Changes.Pending($"s{i}", texts[i], texts[i] + "!", "[\"😀\",  1.0]"));
            var outcome = (Registered)
                (await DeliverAsync(Changes.Register($"s{i}", operation: texts[i].Length > 200 ? "op" : texts[i])))[0];
            var record = (await FindAsync($"s{i}"))!;
            Assert.Equal(Encoding.UTF8.GetBytes(texts[i]), Encoding.UTF8.GetBytes(record.ComplaintText));
            Assert.Equal(texts[i] + "!", record.FirContent);
            Assert.Equal("[\"😀\",  1.0]", record.ViolationsJson); // as given, blanks and all: the ledger covers the bytes
            Assert.Equal("2026-11-23T10:00:00.1234567Z", record.CreatedAt);
            Assert.Equal(i + 1, outcome.Entry.Position);
        }
    }

    [Fact]
    public async Task Keys_are_equal_only_when_their_bytes_are()
    {
        await OpenAsync();
        await DeliverAsync(Changes.Draft("a"), Changes.Draft("A"), Changes.Draft("á"), Changes.Draft("a "));
        Assert.Equal(4, (await Registry.ListAsync(10, 0, Running.Test)).Count);
        Assert.Null(await Registry.FindAsync("fir-a", Running.Test));
        Assert.Null(await Registry.FindAsync("FIR-a  ", Running.Test));
        Assert.Equal("a ", (await Registry.FindAsync("FIR-a ", Running.Test))!.SessionId);
    }

    [Fact]
    public async Task A_full_batch_of_long_complaints_goes_through()
    {
        await OpenAsync();
        var text = string.Concat(Enumerable.Repeat("क", 50_000)); // 150,000 bytes each, 38 MB in all
        await DeliverAsync([.. Enumerable.Range(0, 256).Select(i => Changes.Draft($"s{i:000}", text))]);
        await DeliverAsync([.. Enumerable.Range(0, 128).Select(i => Changes.Pending($"s{i:000}", text, text))]);
        var outcomes = await DeliverAsync([.. Enumerable.Range(0, 128).Select(i => Changes.Register($"s{i:000}"))]);
        AssertChain([.. outcomes.Cast<Registered>()], LedgerHead.Genesis);
        Assert.Equal(text, (await FindAsync("s255"))!.ComplaintText);
    }

    [Fact]
    public async Task It_flushes_answers_and_tells_its_settings()
    {
        await OpenAsync();
        await Registry.ProbeAsync(Running.Test);
        await Registry.FlushAsync(Running.Test);
        var settings = await Registry.ReadSettingsAsync(Running.Test);
        Assert.NotEmpty(settings);
        Assert.DoesNotContain(settings, setting => !setting.Ok);
    }

    [Fact]
    public async Task The_hash_is_the_one_that_anybody_can_compute()
    {
        await OpenAsync();
        var registered = (Registered)(await DeliverAsync(Changes.WholeSession("a")))[2];
        var record = (await FindAsync("a"))!;
        var entry = new LedgerRecord
        {
            FirNumber = record.FirNumber,
            SessionId = record.SessionId,
            Registration = record.Registration!,
            CreatedAt = record.CreatedAt,
            FinalizedAt = record.FinalizedAt!,
            ComplaintText = record.ComplaintText,
            FirContent = record.FirContent!,
            ViolationsJson = record.ViolationsJson!,
        }.Follow(LedgerHead.Genesis);
        Assert.Equal(entry, registered.Entry);
    }

    private protected static void AssertChain(IReadOnlyList<Registered> registered, LedgerHead head)
    {
        foreach (var entry in registered.Select(r => r.Entry))
        {
            Assert.Equal((head.Position + 1, head.Hash), (entry.Position, entry.PreviousHash));
            head = entry.AsHead();
        }
    }

    private protected Task<IReadOnlyList<DeliveryOutcome>> DeliverAsync(params RegistryChange[] changes) =>
        Registry.DeliverAsync(changes, Running.Test);

    private protected Task<FirRecord?> FindAsync(string session) => Registry.FindAsync(Changes.Number(session), Running.Test);

    private protected async Task OpenAsync() => _registry = await OpenNewAsync();
}
