using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Journal;
using AfirGen.Tests.Stack;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AfirGen.Tests.Sessions;

/// <summary>What happens to sessions without an officer.</summary>
public sealed class SessionUpkeepTests : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromHours(1);
    private readonly JournalStack _stack = new();
    private readonly FakeTimeProvider _clock = new(SessionSamples.At);
    private readonly SessionUpkeep _upkeep;

    public SessionUpkeepTests() => _upkeep = new(_stack.Store, Options.Create(new DraftingSessionOptions { IdleTimeout = Idle }), _clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _stack.Dispose();

    [Fact]
    public async Task A_session_that_is_idle_for_too_long_expires_and_keeps_everything()
    {
        await StoreAsync("a", new TranscriptDrafted("t", "m", null));
        _clock.Advance(Idle);
        Assert.Equal(0, await _upkeep.ExpireAsync(Cancellation));

        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, await _upkeep.ExpireAsync(Cancellation));

        var expired = await FindAsync("a");
        Assert.Equal((SessionStatus.Expired, SessionStatus.AwaitingValidation), (expired.Status, expired.StatusBeforeExpiry));
        Assert.Equal(("complaint", "t", 3), (expired.OriginalText, expired.Transcript, expired.Version));
        Assert.Equal(0, await _upkeep.ExpireAsync(Cancellation));
    }

    [Fact]
    public async Task Every_idle_session_expires_also_when_they_are_more_than_a_batch()
    {
        for (var i = 0; i < 250; i++)
        {
            await StoreAsync($"s{i}", new TranscriptDrafted("t", "m", null));
        }

        _clock.Advance(Idle * 2);

        Assert.Equal(250, await _upkeep.ExpireAsync(Cancellation));
        Assert.Equal(["expired"], _stack.Stores.Journal("SELECT DISTINCT status FROM sessions", row => row.GetString(0)));
        Assert.Equal(750, _stack.Stores.JournalCount("session_events"));
    }

    [Fact]
    public async Task A_completed_session_never_expires()
    {
        var change = SessionChange.New("a", "FIR-a", new(ComplaintSource.Text, "complaint", null), _clock.GetUtcNow());
        foreach (var step in Enum.GetValues<ReviewStep>())
        {
            change.Add(SessionSamples.DraftOf(step), _clock.GetUtcNow());
        }

        change.Add(new SessionCompleted(), _clock.GetUtcNow());
        await WriteAsync(change);
        _clock.Advance(TimeSpan.FromDays(400));

        Assert.Equal(0, await _upkeep.ExpireAsync(Cancellation));
    }

    [Fact]
    public async Task An_upload_that_was_being_read_when_the_process_died_says_so_once_and_can_be_read_again()
    {
        await WriteAsync(SessionChange.New("a", "FIR-a", new(ComplaintSource.Image, null, "sha"), _clock.GetUtcNow()));
        await StoreAsync("text", new TranscriptDrafted("t", "m", null));

        Assert.Equal(1, await _upkeep.MarkInterruptedAsync(Cancellation));
        Assert.Equal(0, await _upkeep.MarkInterruptedAsync(Cancellation));

        var interrupted = await FindAsync("a");
        Assert.Equal(SessionStatus.Processing, interrupted.Status);
        Assert.Contains("stopped while the upload was being read", interrupted.Error, StringComparison.Ordinal);
        var read = interrupted.Apply(new TranscriptDrafted("t", "m", null, "read"), _clock.GetUtcNow());
        Assert.Equal((SessionStatus.AwaitingValidation, null, "read"), (read.Status, read.Error, read.OriginalText));
    }

    [Fact]
    public async Task An_officer_who_comes_back_in_the_very_moment_wins()
    {
        await StoreAsync("a", new TranscriptDrafted("t", "m", null));
        _clock.Advance(Idle * 2);
        var officer = SessionChange.Of(await FindAsync("a"));
        officer.Add(new NoteGiven(ReviewStep.TranscriptReview, "I am back"), _clock.GetUtcNow());
        var held = await _stack.HoldWriterAsync();
        var first = _stack.Store.WriteAsync(Write(officer), Cancellation);
        // Reads the session as it still is, and its write queues behind the officer's.
        var expiry = _upkeep.ExpireAsync(Cancellation);
        await Eventually.TrueAsync(() => _stack.Metrics.Of("afirgen_writer_queue_depth")[^1] >= 2, "both wait");

        held.Release();

        Assert.True(await first);
        Assert.Equal(0, await expiry);
        Assert.Equal(SessionStatus.AwaitingValidation, (await FindAsync("a")).Status);
    }

    private async Task<SessionState> FindAsync(string id) =>
        SessionStore.Read(await _stack.Store.ReadAsync(db => SessionTables.Find(db, id), Cancellation))!;

    private Task<bool> StoreAsync(string id, SessionEvent e)
    {
        var change = SessionChange.New(id, $"FIR-{id}", new(ComplaintSource.Text, "complaint", null), _clock.GetUtcNow());
        change.Add(e, _clock.GetUtcNow());
        return WriteAsync(change);
    }

    private Task<bool> WriteAsync(SessionChange change) => _stack.Store.WriteAsync(Write(change), Cancellation);

    private static Func<Api.Sqlite.SqliteSession, bool> Write(SessionChange change) =>
        db =>
        {
            SessionStore.Write(db, change);
            return true;
        };
}
