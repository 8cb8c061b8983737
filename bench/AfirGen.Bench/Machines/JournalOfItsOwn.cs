using System.Diagnostics.Metrics;
using AfirGen.Api.Audit;
using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Durability;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Bench.Load;
using AfirGen.Tests.Stack;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AfirGen.Bench.Machines;

/// <summary>What one complaint writes to the journal, as bytes that the service itself would write.</summary>
internal sealed record ComplaintRows(SessionRow Session, IReadOnlyList<EventRow> Events, string OutboxPayload, string Answer)
{
    /// <summary>Who did it.</summary>
    public AuditEntry Audit =>
        new("0123456789abcdef", "asha", "officer", AuditActions.Process, Session.FirNumber, "version 1", "203.0.113.7");

    private const string AnyId = "00000000-0000-4000-8000-000000000000";
    private static readonly ComplaintRows Template = Compose(AnyId, $"FIR-{AnyId[..8]}-20261120193000", TimeProvider.System.GetUtcNow());

    /// <summary>Of another session: composing it anew would measure the composing.</summary>
    public static ComplaintRows New(string sessionId, string firNumber)
    {
        var state = Template.Session.State.Replace(AnyId, sessionId, StringComparison.Ordinal);
        return Template with { Session = Template.Session with { SessionId = sessionId, FirNumber = firNumber, State = state } };
    }

    public static ComplaintRows Compose(string sessionId, string firNumber, DateTimeOffset at)
    {
        var text = Complaint.Text(sessionId);
        var change = SessionChange.New(sessionId, firNumber, new(ComplaintSource.Text, text, null), at);
        change.Add(new TranscriptDrafted(text, "extractive", null), at);
        var session = change.After;
        var state = System.Text.Json.JsonSerializer.Serialize(session, SessionJson.Stored.SessionState);
        var stamp = JournalStore.Stamp(at);
        return new(
            new(sessionId, firNumber, state, "awaiting_validation", "transcript_review", session.Version, stamp, stamp),
            change.Events,
            Api.Forwarding.OutboxPayload.Write(new RecordDraft(sessionId, firNumber, text, stamp)).Json,
            state
        );
    }
}

/// <summary>The journal alone, in this process, on a file of its own.</summary>
internal sealed class JournalOfItsOwn : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly DataFolder _folder;

    public JournalOfItsOwn(string folder)
    {
        _folder = new(folder);
        Store = new(
            _folder,
            Options.Create(new JournalOptions()),
            new CrashPoints(new ConfigurationBuilder().Build()),
            new FatalStop(NullLogger<FatalStop>.Instance),
            new(_services.GetRequiredService<IMeterFactory>()),
            NullLoggerFactory.Instance
        );
        Store.Open();
    }

    public JournalStore Store { get; }

    public string File => _folder.JournalFile;

    public Task WriteAsync(ComplaintRows rows, string key) =>
        Store.WriteAsync(
            db =>
            {
                SessionTables.Insert(db, rows.Session);
                foreach (var e in rows.Events)
                {
                    SessionTables.Append(db, rows.Session.SessionId, e);
                }

                var at = rows.Session.CreatedAt;
                var outboxId = OutboxTable.Insert(db, rows.Session.SessionId, OutboxTable.Draft, rows.OutboxPayload, at);
                var scope = new IdempotencyScope("anonymous", "/process", key, new string('0', 64));
                var answer = System.Text.Encoding.UTF8.GetBytes(rows.Answer);
                IdempotencyTable.Put(
                    db,
                    scope,
                    new("/process", scope.RequestHash, rows.Session.SessionId, outboxId, 200, "{}", answer, at)
                );
                AuditTable.Append(db, at, rows.Audit);
                return true;
            },
            CancellationToken.None
        );

    public Task<HashSet<string>> SessionsAsync() =>
        Store.ReadAsync(db => db.List("SELECT session_id FROM session_rows", row => row.GetString(0)).ToHashSet());

    public void Dispose()
    {
        Store.Dispose();
        _folder.Dispose();
        _services.Dispose();
    }
}
