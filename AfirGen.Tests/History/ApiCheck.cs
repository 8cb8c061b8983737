using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.History;

/// <summary>What clients can read must be what the stores hold, and what was acknowledged once is acknowledged again.</summary>
internal static class ApiCheck
{
    private const int Readers = 8;

    /// <summary>Reads sessions and their FIRs over the wire.</summary>
    public static async Task<IReadOnlyList<Finding>> ReadAsync(
        ApiClient client,
        StoreView stores,
        IReadOnlyCollection<StoredSession> sessions
    )
    {
        var findings = new ConcurrentQueue<Finding>();
        await Parallel.ForEachAsync(
            sessions,
            new ParallelOptions { MaxDegreeOfParallelism = Readers },
            async (session, _) =>
            {
                var shown = await client.StatusAsync(session.Row.SessionId);
                if (
                    shown.Status != 200
                    || shown.Headers["ETag"] != $"\"v{session.Row.Version}\""
                    || (shown["fir_number"], shown["status"], shown["current_step"])
                        != (session.Row.FirNumber, session.Row.Status, session.Row.CurrentStep)
                )
                {
                    findings.Enqueue(new(Violation.Lost, $"session {session.Row.SessionId} is read as {shown.Status} {shown.Text}"));
                }
            }
        );
        await Parallel.ForEachAsync(
            sessions.Select(session => stores.FirsBySession[session.Row.SessionId]),
            new ParallelOptions { MaxDegreeOfParallelism = Readers },
            async (fir, _) =>
            {
                var shown = await client.GetAsync($"/fir/{fir.FirNumber}/content");
                if (
                    shown.Status != 200
                    || (shown["status"], shown["content"], shown["complaint_text"], shown["registration_number"])
                        != (fir.Status, fir.FirContent ?? "", fir.ComplaintText, fir.Registration?.Number ?? "")
                )
                {
                    findings.Enqueue(new(Violation.Lost, $"{fir.FirNumber} is read as {shown.Status} {shown.Text}"));
                }
            }
        );
        return [.. findings];
    }

    /// <summary>Every page of the list: the FIRs of the registry, each once and as it stands there. Nobody may be sending.</summary>
    public static async Task<IReadOnlyList<Finding>> ListAsync(ApiClient client, StoreView stores)
    {
        const int page = 100;
        var listed = new List<(string, string)>();
        for (var read = page; read == page; )
        {
            var records = (await client.GetAsync($"/list_firs?limit={page}&offset={listed.Count}")).RequireOk().Json["records"]!.AsArray();
            listed.AddRange(records.Select(record => (record!["fir_number"]!.ToString(), record["status"]!.ToString())));
            read = records.Count;
        }

        var there = stores.Firs.Select(fir => (fir.FirNumber, fir.Status)).ToList();
        return listed.Count == there.Count && listed.ToHashSet().SetEquals(there)
            ? []
            : [new(Violation.Lost, $"GET /list_firs shows {listed.Count} of {there.Count}, not {there.Except(listed).FirstOrDefault()}")];
    }

    /// <summary>GET /operations/{key} says of every request what became of it.</summary>
    public static async Task<IReadOnlyList<Finding>> OutcomesAsync(ApiClient client, IReadOnlyList<Operation> resolved)
    {
        var findings = new List<Finding>();
        foreach (var operation in resolved)
        {
            var said = await client.GetAsync($"/operations/{operation.Request.Key}");
            var wanted = operation.Acknowledged is null ? "not_done" : "done";
            if (said.Status != 200 || said["outcome"] != wanted || !JsonNode.DeepEquals(said.Json["answer"], operation.Acknowledged?.Json))
            {
                findings.Add(
                    new(Violation.Untrue, $"{operation.Request.Key} is {wanted}; asked what became of it: {said.Status} {said.Text}")
                );
            }
        }

        return findings;
    }

    /// <summary>Sends acknowledged requests once more: the first answer again, byte for byte, and no second effect (G3).</summary>
    public static async Task<IReadOnlyList<Finding>> RepeatAsync(ApiClient client, IReadOnlyList<Operation> acknowledged)
    {
        var findings = new List<Finding>();
        foreach (var operation in acknowledged)
        {
            var again = await Officer.SendAsync(client, operation.Request);
            if (
                again.Status != 200
                || again.Headers.GetValueOrDefault("Idempotency-Replayed") != "true"
                || !again.Body.SequenceEqual(operation.Acknowledged!.Body)
            )
            {
                findings.Add(new(Violation.Mutated, $"{operation.Request.Key} repeated is answered {again.Status} {again.Text}"));
            }
        }

        return findings;
    }
}
