using System.Collections.Concurrent;
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
