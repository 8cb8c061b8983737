using System.Text.Json;
using System.Text.Json.Nodes;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Endpoints;
using AfirGen.Api.Registry;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.History;

internal enum Violation
{
    /// <summary>Acknowledged, and not there (G1).</summary>
    Lost,

    /// <summary>Acknowledged, and there as something else (G1, G3).</summary>
    Mutated,

    /// <summary>Refused, and there all the same (G8).</summary>
    Phantom,

    /// <summary>One key, two effects (G3).</summary>
    Duplicated,

    /// <summary>Half of a change is there (G2).</summary>
    Torn,

    /// <summary>A sequence has a hole, or a number twice (G4).</summary>
    Gap,

    /// <summary>An accepted request was cut by a stop (G5).</summary>
    Cut,

    /// <summary>The ledger does not add up, or a receipt does not fit it (G6).</summary>
    Broken,

    /// <summary>The service said that something is so, and it is not (G8).</summary>
    Untrue,

    /// <summary>A read shows less than was acknowledged, or shown, before it began (G1).</summary>
    Stale,

    /// <summary>The service ended by itself, or does not start.</summary>
    Down,

    /// <summary>A request that must go through, or get its answer again, was refused (G3).</summary>
    Refused,
}

internal sealed record Finding(Violation Violation, string Detail);

/// <summary>Holds what clients were told against what the stores hold.</summary>
internal static class HistoryChecker
{
    /// <param name="settled">The outbox has been delivered, so the registry must have caught up with the journal.</param>
    public static IReadOnlyList<Finding> Check(IReadOnlyList<Operation> history, StoreView stores, bool settled) =>
        [
            .. history.SelectMany(operation => new OperationCheck(operation, stores).Run()),
            .. Effects(history, stores),
            .. Decisions(history, stores),
            .. StoreCheck.Run(stores, settled),
        ];

    /// <summary>Every effect belongs to one request that was not refused, and to no other.</summary>
    private static IEnumerable<Finding> Effects(IReadOnlyList<Operation> history, StoreView stores)
    {
        var complaints = history.Where(o => o.Request.Kind == RequestKind.Process).ToDictionary(o => o.Request.Text!);
        var notes = history.Where(o => o.Request is { Kind: not RequestKind.Process, Text: not null }).ToDictionary(o => o.Request.Text!);
        var seen = new HashSet<string>();
        foreach (var session in stores.Sessions.Values)
        {
            var state = session.Now;
            var effects = state.Notes.Select(note => (note.Text, By: notes.GetValueOrDefault(note.Text)));
            foreach (var (text, by) in effects.Prepend((state.OriginalText!, complaints.GetValueOrDefault(state.OriginalText!))))
            {
                var start = text[..Math.Min(40, text.Length)];
                if (by is null || by.IsRefused)
                {
                    yield return new(Violation.Phantom, $"session {session.Row.SessionId} holds \"{start}\", which nobody was to store");
                }
                else if (by.Request.Keyed && !stores.AnswersByKey.Contains(by.Request.Key))
                {
                    yield return new(Violation.Torn, $"the effect of {by.Request.Key} is there, its stored answer is not");
                }

                if (!seen.Add(text))
                {
                    yield return new(Violation.Duplicated, $"\"{start}\" is there twice");
                }
            }
        }
    }

    /// <summary>Approvals and registrations leave no text by which to know them: they are counted.</summary>
    private static IEnumerable<Finding> Decisions(IReadOnlyList<Operation> history, StoreView stores)
    {
        var requests = history.Where(o => o.Request.SessionId is not null).ToLookup(o => (o.Request.SessionId!, o.Request.Kind));
        foreach (var (id, session) in stores.Sessions)
        {
            var approvals = requests[(id, RequestKind.Approve)].ToList();
            var acknowledged = approvals.Count(o => o.Acknowledged is not null);
            var possible = approvals.Count(o => !o.IsRefused);
            var stored = session.Events.Count(e => e.Content.Contains("\"kind\":\"step_approved\"", StringComparison.Ordinal));
            if (stored < acknowledged)
            {
                yield return new(Violation.Lost, $"session {id}: {acknowledged} approvals were acknowledged, {stored} are there");
            }
            else if (stored > possible)
            {
                yield return new(Violation.Phantom, $"session {id}: {stored} approvals are there, {possible} were sent and not refused");
            }

            var registered =
                session.Now.RegistrationNumber is not null || stores.FirsBySession.GetValueOrDefault(id)?.Status == FirStatus.Finalized;
            if (registered && requests[(id, RequestKind.Register)].All(o => o.IsRefused))
            {
                yield return new(Violation.Phantom, $"session {id} is registered, and nobody was told other than that nothing happened");
            }
        }
    }
}

/// <summary>One request against the stores.</summary>
internal sealed class OperationCheck(Operation operation, StoreView stores)
{
    private readonly Request _request = operation.Request;

    public IEnumerable<Finding> Run()
    {
        var stored = stores.AnswersByKey[_request.Key].ToList();
        if (stored.Count > 1)
        {
            yield return Found(Violation.Duplicated, "the key is stored twice");
        }

        if (operation.IsRefused && stored.Count > 0)
        {
            yield return Found(Violation.Phantom, "it was refused, and its answer is stored");
        }

        if (operation.Attempts.Any(a => a.Verdict == Verdict.Ok && !a.Answer!.Body.SequenceEqual(operation.Acknowledged!.Body)))
        {
            yield return Found(Violation.Mutated, "two attempts got two answers");
        }

        if (operation.Attempts.Any(IsLateTruth))
        {
            yield return Found(Violation.Phantom, "every attempt was told that nothing happened, and the next one gets a stored answer");
        }

        if (operation.Acknowledged is { } answer)
        {
            foreach (var finding in Acknowledged(answer, stored.SingleOrDefault()))
            {
                yield return finding;
            }
        }
    }

    /// <summary>A replay of an answer that no earlier attempt can have brought about, if what all of them were told is true.</summary>
    private bool IsLateTruth(Attempt attempt) =>
        attempt.Answer?.Headers.GetValueOrDefault("Idempotency-Replayed") == "true"
        && operation.Attempts.All(a => a == attempt || a.Verdict == Verdict.Fail || a.InvokedAt > attempt.EndedAt);

    private IEnumerable<Finding> Acknowledged(Reply answer, StoredAnswer? stored)
    {
        if (!_request.Keyed)
        {
            // Nothing is stored to answer it again: only its effect counts.
        }
        else if (stored is not { StatusCode: 200 })
        {
            yield return Found(Violation.Lost, "its answer is not stored");
        }
        else if (!stored.Body!.SequenceEqual(answer.Body))
        {
            yield return Found(Violation.Mutated, "its stored answer is another one");
        }

        var sessionId = _request.SessionId ?? answer["session_id"];
        if (!stores.Sessions.TryGetValue(sessionId, out var session))
        {
            yield return Found(Violation.Lost, $"session {sessionId} is gone");
            yield break;
        }

        var findings = _request.Kind == RequestKind.Register ? Registered(answer, session) : Reviewed(answer, session);
        foreach (var finding in findings)
        {
            yield return finding;
        }
    }

    private IEnumerable<Finding> Reviewed(Reply answer, StoredSession session)
    {
        var version = long.Parse(answer.Headers["ETag"].Trim('"', 'v'), System.Globalization.CultureInfo.InvariantCulture);
        if (session.Events.Count < version)
        {
            yield return Found(Violation.Lost, $"version {version} was acknowledged, {session.Events.Count} is there");
            yield break;
        }

        var state = session.At(version);
        if (Differs(answer, state))
        {
            yield return Found(Violation.Mutated, "the events do not add up to the answer");
        }

        if (_request.Text is not null && _request.Text != state.OriginalText && state.Notes.All(note => note.Text != _request.Text))
        {
            yield return Found(Violation.Lost, "its text is not there");
        }

        var fir = stores.FirsBySession.GetValueOrDefault(state.SessionId);
        if (answer.Headers.GetValueOrDefault("X-Durability") == "registry")
        {
            var wanted = state.FirContent is null ? FirStatus.Draft : FirStatus.Pending;
            if (fir is null || StoreCheck.Rank(fir.Status) < StoreCheck.Rank(wanted))
            {
                yield return Found(Violation.Lost, $"the registry confirmed it and has {fir?.Status ?? "nothing"}, not {wanted}");
            }
            else if (
                state.FirContent is not null
                && !Enumerable
                    .Range((int)version, session.Events.Count - (int)version + 1)
                    .Any(later => session.At(later).FirContent == fir.FirContent)
            )
            {
                yield return Found(Violation.Lost, $"the registry confirmed version {version} and has an older text of the FIR");
            }
        }
    }

    private IEnumerable<Finding> Registered(Reply answer, StoredSession session)
    {
        var number = answer["registration_number"];
        var fir = stores.FirsBySession.GetValueOrDefault(session.Row.SessionId);
        if (fir is not { Status: FirStatus.Finalized })
        {
            yield return Found(Violation.Lost, $"registered as {number}, the registry has {fir?.Status ?? "nothing"}");
        }
        else if (fir.Registration!.Number != number)
        {
            yield return Found(Violation.Mutated, $"registered as {number}, the registry has {fir.Registration.Number}");
        }

        if (session.Now.RegistrationNumber != number)
        {
            yield return Found(Violation.Torn, $"registered as {number}, the session does not know");
        }
    }

    private static bool Differs(Reply answer, SessionState state)
    {
        var content = answer.Json["content"] ?? answer.Json["content_for_validation"]!;
        (string Member, string? Value)[] artefacts =
        [
            ("original_text", state.OriginalText),
            ("transcript", state.Transcript),
            ("summary", state.Summary),
            ("fir_narrative", state.Narrative),
            ("fir_content", state.FirContent),
        ];
        var sections = JsonSerializer.SerializeToNode(state.Sections, WireJson.Wire.IReadOnlyListSectionFinding);
        return answer["session_id"] != state.SessionId
            || (content["violations"] is { } violations && !JsonNode.DeepEquals(violations, sections))
            || artefacts.Any(a => content[a.Member] is { } shown && shown.ToString() != a.Value);
    }

    private Finding Found(Violation violation, string what) => new(violation, $"{_request.Kind} {_request.Key}: {what}");
}
