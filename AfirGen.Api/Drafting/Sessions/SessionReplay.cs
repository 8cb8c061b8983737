using System.Text.Json;
using AfirGen.Api.Journal;

namespace AfirGen.Api.Drafting.Sessions;

/// <summary>Builds a session from its events alone.</summary>
internal static class SessionReplay
{
    public static SessionState Replay(string sessionId, string firNumber, IReadOnlyList<EventRow> events) =>
        States(sessionId, firNumber, events).Last();

    /// <summary>The session after each of its events.</summary>
    public static IEnumerable<SessionState> States(string sessionId, string firNumber, IReadOnlyList<EventRow> events)
    {
        var state = SessionState.Start(sessionId, firNumber, (ComplaintReceived)Read(events[0]), At(events[0]));
        yield return state;
        foreach (var e in events.Skip(1))
        {
            yield return state = state.Apply(Read(e), At(e));
        }
    }

    /// <summary>Whether the stored state is another one than the events add up to. Compared as written by this version of the code.</summary>
    public static bool Differs(SessionRow row, IReadOnlyList<EventRow> events) =>
        Json(Replay(row.SessionId, row.FirNumber, events)) != Json(SessionStore.Read(row)!);

    private static string Json(SessionState state) => JsonSerializer.Serialize(state, SessionJson.Stored.SessionState);

    private static SessionEvent Read(EventRow row) => JsonSerializer.Deserialize(row.Content, SessionJson.Stored.SessionEvent)!;

    private static DateTimeOffset At(EventRow row) =>
        DateTimeOffset.Parse(
            row.At,
            System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.AssumeUniversal
        );
}
