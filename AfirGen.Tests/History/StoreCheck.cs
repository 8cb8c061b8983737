using System.Text.Json;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;

namespace AfirGen.Tests.History;

/// <summary>What must hold within and between the two stores, whoever wrote what (G2, G4).</summary>
internal static class StoreCheck
{
    private static readonly string[] Ranks = [FirStatus.Draft, FirStatus.Pending, FirStatus.Finalized];

    public static int Rank(string status) => Array.IndexOf(Ranks, status);

    /// <inheritdoc cref="HistoryChecker.Check"/>
    public static IEnumerable<Finding> Run(StoreView stores, bool settled) =>
        RunOnJournal(stores).Concat(Registry(stores)).Concat(settled ? CaughtUp(stores) : []).Concat(Serials(stores));

    /// <summary>The journal alone: events gapless, adding up to the state, with the outbox rows that belong to them.</summary>
    public static IEnumerable<Finding> RunOnJournal(StoreView stores) =>
        stores.Sessions.Values.SelectMany(session => Journal(session, stores.Intents[session.Row.SessionId].ToLookup(i => i.Kind)));

    private static IEnumerable<Finding> Journal(StoredSession session, ILookup<string, StoredIntent> intents)
    {
        var id = session.Row.SessionId;
        if (session.Events.Where((e, i) => e.Seq != i + 1).Any())
        {
            yield return new(Violation.Gap, $"session {id}: events {string.Join(',', session.Events.Select(e => e.Seq))}");
            yield break;
        }

        if (
            session.Events.Count != session.Row.Version
            || JsonSerializer.Serialize(session.Now, SessionJson.Stored.SessionState) != session.Row.State
        )
        {
            yield return new(
                Violation.Torn,
                $"session {id}: version {session.Row.Version}, {session.Events.Count} events that do not add up to its row"
            );
        }

        var rendered = session.Events.Count(e => e.Content.Contains("\"kind\":\"fir_rendered\"", StringComparison.Ordinal));
        if (intents[OutboxTable.Draft].Count() != 1 || intents[OutboxTable.Pending].Count() != rendered)
        {
            yield return new(
                Violation.Torn,
                $"session {id}: {intents[OutboxTable.Draft].Count()} draft and {intents[OutboxTable.Pending].Count()} pending outbox rows, {rendered} renderings"
            );
        }
    }

    private static IEnumerable<Finding> Registry(StoreView stores)
    {
        foreach (var fir in stores.Firs.Where(f => !stores.Sessions.ContainsKey(f.SessionId)))
        {
            yield return new(Violation.Torn, $"the registry has {fir.FirNumber}, the journal has no such session");
        }

        foreach (var intent in stores.Outbox.Where(i => i is { Delivered: true, Accepted: true }))
        {
            var wanted = intent.Kind == OutboxTable.Register ? FirStatus.Finalized : intent.Kind;
            var found = stores.FirsBySession.GetValueOrDefault(intent.SessionId)?.Status;
            if (found is null || Rank(found) < Rank(wanted))
            {
                yield return new(
                    Violation.Lost,
                    $"outbox row {intent.Id} ({wanted}) is marked delivered, the registry has {found ?? "nothing"}"
                );
            }
        }
    }

    private static IEnumerable<Finding> CaughtUp(StoreView stores)
    {
        foreach (var intent in stores.Outbox.Where(i => !i.Delivered))
        {
            yield return new(Violation.Torn, $"outbox row {intent.Id} was not delivered");
        }

        foreach (var session in stores.Sessions.Values)
        {
            var state = session.Now;
            var wanted =
                state.RegistrationNumber is not null ? FirStatus.Finalized
                : state.FirContent is not null ? FirStatus.Pending
                : FirStatus.Draft;
            if (!stores.FirsBySession.TryGetValue(state.SessionId, out var fir))
            {
                yield return new(Violation.Torn, $"the registry lacks {state.FirNumber}");
            }
            else if (
                (fir.Status, fir.Registration?.Number, fir.FirContent, fir.ComplaintText, fir.ViolationsJson)
                != (wanted, state.RegistrationNumber, state.FirContent, state.OriginalText, Sections(state))
            )
            {
                yield return new(
                    Violation.Torn,
                    $"{state.FirNumber}: the registry has {fir.Status} {fir.Registration?.Number}, the session {wanted} {state.RegistrationNumber}, or their texts differ"
                );
            }
        }
    }

    /// <summary>They go to the registry with the text of the FIR.</summary>
    private static string? Sections(SessionState state) =>
        state.FirContent is null ? null : JsonSerializer.Serialize(state.Sections, SessionJson.Stored.IReadOnlyListSectionFinding);

    private static IEnumerable<Finding> Serials(StoreView stores)
    {
        var used = stores.Firs.Where(f => f.Registration is not null).Select(f => f.Registration!).ToLookup(r => (r.StationCode, r.Year));
        foreach (var counter in stores.Counters)
        {
            var serials = used[(counter.StationCode, counter.Year)].Select(r => r.Serial).Order().ToList();
            if (!serials.SequenceEqual(Enumerable.Range(1, (int)counter.LastSerial).Select(n => (long)n)))
            {
                yield return new(
                    Violation.Gap,
                    $"{counter.StationCode}/{counter.Year}: serials {string.Join(',', serials)}, last {counter.LastSerial}"
                );
            }
        }

        foreach (var series in used.Where(u => stores.Counters.All(c => (c.StationCode, c.Year) != u.Key)))
        {
            yield return new(Violation.Gap, $"{series.Key}: serials without a counter");
        }
    }
}
