using AfirGen.Api.Journal;
using AfirGen.Api.Sqlite;

namespace AfirGen.Tests.Stack;

/// <summary>Small rows for tests that care about transactions and not about complaints.</summary>
internal static class Rows
{
    public const string At = "2026-10-16T04:30:00.0000000Z";

    public static SessionRow Session(string id, string state = "{}") =>
        new(id, $"FIR-{id}", state, "awaiting_validation", "transcript_review", 1, At, At);

    /// <summary>A unit of work that stores one session.</summary>
    public static Func<SqliteSession, bool> Insert(string id, string state = "{}") =>
        db =>
        {
            SessionTables.Insert(db, Session(id, state));
            return true;
        };

    public static EventRow Event(long seq, string content = """{"kind":"completed"}""") => new(seq, content, At);
}
