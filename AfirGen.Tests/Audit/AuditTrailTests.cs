using AfirGen.Api.Audit;
using AfirGen.Api.Journal;
using AfirGen.Api.Telemetry;
using AfirGen.Tests.Draining;
using AfirGen.Tests.Stack;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AfirGen.Tests.Audit;

/// <summary>The writer of the audit log on the real journal.</summary>
public sealed class AuditTrailTests : IDisposable
{
    private readonly JournalStack _stack = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_of_one_batch_share_its_commit_and_follow_each_other()
    {
        var trail = Trail();
        var held = await _stack.HoldWriterAsync();
        var commits = _stack.Metrics.Of(Metric.FsyncSeconds.InstrumentName).Count;
        var writes = Enumerable
            .Range(0, 50)
            .Select(i =>
                _stack.Store.WriteAsync(
                    db =>
                    {
                        Rows.Insert($"s{i}")(db);
                        trail.Append(db, Entry($"s{i}"));
                        return true;
                    },
                    Cancellation
                )
            )
            .ToList();
        var notes = Enumerable.Range(0, 50).Select(i => trail.NoteAsync(Entry($"n{i}"))).ToList();
        held.Release();
        await Task.WhenAll(writes);
        await Task.WhenAll(notes);

        Assert.Equal(2, _stack.Metrics.Of(Metric.FsyncSeconds.InstrumentName).Count - commits); // of what held it, and one for all the rest
        var verified = await _stack.Store.ReadAsync(db => AuditChain.Verify(db), Cancellation);
        Assert.Null(verified.Fault);
        Assert.Equal(100, verified.Head.Sequence);
    }

    [Fact]
    public async Task G2_a_unit_that_fails_takes_its_record_with_it_and_the_chain_stays_whole()
    {
        var trail = Trail();
        var held = await _stack.HoldWriterAsync();
        var units = Enumerable
            .Range(0, 9)
            .Select(i =>
                _stack.Store.WriteAsync(
                    db =>
                    {
                        trail.Append(db, Entry($"s{i}"));
                        return i % 3 == 1 ? throw new UnitRejectedException("lost a race") : true;
                    },
                    Cancellation
                )
            )
            .ToList();
        held.Release();
        await Assert.ThrowsAsync<UnitRejectedException>(() => Task.WhenAll(units));

        var subjects = _stack.Stores.Audit().Select(r => r.Subject);
        Assert.Equal(["s0", "s2", "s3", "s5", "s6", "s8"], subjects);
        Assert.Null((await _stack.Store.ReadAsync(db => AuditChain.Verify(db), Cancellation)).Fault);
    }

    [Fact]
    public async Task What_cannot_be_recorded_is_counted_and_logged_and_keeps_nobody_from_working()
    {
        using var log = new CapturedLog();
        using var loggers = new LoggerFactory([log]);
        var trail = new AuditTrail(_stack.Store, _stack.Metrics.Meters, TimeProvider.System, loggers.CreateLogger<AuditTrail>());
        _stack.Store.Seal();

        await trail.RecordAsync(Entry("FIR-1"));
        await trail.NoteAsync(Entry("FIR-2"));

        Assert.Equal(2, _stack.Metrics.Sum(Metric.AuditLost.InstrumentName));
        Assert.Contains(log.Lines, line => line.Contains("FIR-1", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Contains("FIR-2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_clients_cause_takes_nothing_of_the_disks_reserve_and_what_operators_do_may()
    {
        using var stack = new JournalStack(new JournalOptions { MinFreeMebibytes = int.MaxValue }); // no disk has so much: only the reserve is left
        var trail = new AuditTrail(stack.Store, stack.Metrics.Meters, TimeProvider.System, NullLogger<AuditTrail>.Instance);

        await trail.RecordAsync(Entry("guess"));
        await trail.RecordOwnAsync(Entry("drain"));

        Assert.Equal(["drain"], stack.Stores.Audit().Select(r => r.Subject));
        Assert.Equal(1, stack.Metrics.Sum(Metric.AuditLost.InstrumentName));
    }

    [Fact]
    public async Task G8_nothing_is_recorded_behind_the_last_flush_by_whomever_it_was_seen()
    {
        var trail = Trail();
        var outside = new OutsideEvents(_stack.Store, trail);
        await outside.RecordAsync([new("key 1", "officer", Entry("before"))], Cancellation);
        await _stack.Store.FlushAndSealAsync(Cancellation);

        await Assert.ThrowsAsync<JournalClosedException>(() =>
            outside.RecordAsync([new("key 1", "operator", Entry("behind"))], Cancellation)
        );
        await trail.RecordAsync(Entry("behind"));
        await trail.RecordOwnAsync(Entry("behind"));
        await trail.NoteAsync(Entry("behind"));

        Assert.Equal(["before"], _stack.Stores.Audit().Select(r => r.Subject));
        Assert.Equal("officer", (await outside.KnownAsync("key ", Cancellation))["key 1"]); // the next start sees that it changed
    }

    public void Dispose() => _stack.Dispose();

    private AuditTrail Trail() => new(_stack.Store, _stack.Metrics.Meters, TimeProvider.System, NullLogger<AuditTrail>.Instance);

    private static AuditEntry Entry(string subject) => AuditEntry.OfService(AuditActions.Process, subject, "version 1");
}
