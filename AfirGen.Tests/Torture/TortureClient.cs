using AfirGen.Tests.History;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>
/// A client that does everything the service offers, one session after the other: takes in, reads, corrects, drafts again, approves,
/// registers. Four of five journeys send keys and repeat until the outcome is known; the others find out by reading, as people do.
/// </summary>
internal sealed class TortureClient(int number, Random random, World world) : IDisposable
{
    private const int OneInWithoutKeys = 5;
    private const int OneInOther = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(25);

    // One short text: understanding a complaint is what a cold service spends its time on, and it is not what is tortured here.
    private const string Complaint =
        "My name is Asha Rao, resident of 14 MG Road, Pune. On 20/11/2026 at 7:30 pm a man snatched my chain near Shivaji Market, Pune.";

    private readonly Wire _wire = new(random, world);
    private readonly string _name = $"{world.Name}c{number}";
    private int _requests;

    /// <summary>Works until told to stop; a request with a key that is under way then is still resolved.</summary>
    public async Task WorkAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await JourneyAsync(random.Next(OneInWithoutKeys) > 0, stop);
            }
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose() => _wire.Dispose();

    private async Task JourneyAsync(bool keyed, CancellationToken stop)
    {
        var key = NextKey();
        var complaint = $"{Complaint}\nReference {key}.";
        if (await SendAsync(new(key, RequestKind.Process, null, null, complaint, Keyed: keyed), null, stop) is not { } created)
        {
            return; // taken in or not: whoever sends no key takes it in again
        }

        var session = new UnderReview(created["session_id"], created["fir_number"]);
        while (!stop.IsCancellationRequested && !session.Closed)
        {
            if (random.Next(OneInOther) == 0)
            {
                await ReadAsync(session);
            }

            if (session.Completed)
            {
                await SendAsync(Request(RequestKind.Register, session, keyed), session, stop);
                await world.Freshness.ReadFirAsync(await _wire.ConnectAsync(), session.FirNumber, _name);
                return;
            }

            await ReviewAsync(session, keyed, stop);
        }
    }

    private async Task ReviewAsync(UnderReview session, bool keyed, CancellationToken stop)
    {
        var kind = random.Next(OneInOther) switch
        {
            0 => RequestKind.Correct,
            1 => RequestKind.Regenerate,
            _ => RequestKind.Approve,
        };
        var answer = await SendAsync(Request(kind, session, keyed), session, stop);
        if (answer is not null && kind == RequestKind.Approve)
        {
            session.Advance(answer);
        }
    }

    private Request Request(RequestKind kind, UnderReview session, bool keyed)
    {
        var key = NextKey();
        var note = kind is RequestKind.Correct or RequestKind.Regenerate ? $"The complainant adds: reference {key}." : null;
        var step = kind is RequestKind.Approve or RequestKind.Regenerate ? session.Step : null;
        return new(key, kind, session.SessionId, session.FirNumber, note, step, keyed);
    }

    /// <returns>Null when the session must be looked at again: nothing else is known.</returns>
    private async Task<Reply?> SendAsync(Request request, UnderReview? session, CancellationToken stop)
    {
        while (true)
        {
            var attempt = await _wire.AttemptAsync(request);
            switch (attempt.Verdict)
            {
                case Verdict.Ok:
                    world.Freshness.Acknowledged(request, attempt.Answer!);
                    return attempt.Answer;
                case Verdict.Fail when attempt.Answer!.Status != 503:
                    await RefusedAsync(request, attempt.Answer, session);
                    return null;
            }

            await Task.Delay(Patience, CancellationToken.None);
            if (!request.Keyed)
            {
                await LookAsync(session, stop);
                return null;
            }
        }
    }

    private async Task RefusedAsync(Request request, Reply answer, UnderReview? session)
    {
        if (answer.ProblemType == "session-expired")
        {
            session?.Close(); // its clock jumped
        }
        else if (!request.Keyed && answer.Status == 409)
        {
            await LookAsync(session, CancellationToken.None); // an earlier attempt without a key went through after all
            if (answer.ProblemType == "already-finalized")
            {
                session?.Close();
            }
        }
        else
        {
            session?.Close();
            world.Findings.Enqueue(
                new(Violation.Refused, $"{request.Kind} {request.Key}: nobody else touches this session, and it is refused: {answer.Text}")
            );
        }
    }

    /// <summary>Reads until something is shown: what became of a request without a key is only to be seen.</summary>
    private async Task LookAsync(UnderReview? session, CancellationToken stop)
    {
        while (session is not null && !stop.IsCancellationRequested)
        {
            if (await world.Freshness.ReadSessionAsync(await _wire.ConnectAsync(), session.SessionId, _name) is { } status)
            {
                session.Refresh(status);
                return;
            }

            await Task.Delay(Patience, CancellationToken.None);
        }
    }

    private async Task ReadAsync(UnderReview session)
    {
        var client = await _wire.ConnectAsync();
        await world.Freshness.ReadSessionAsync(client, session.SessionId, _name);
        await world.Freshness.ReadFirAsync(client, session.FirNumber, _name);
    }

    private string NextKey() => $"{_name}-{++_requests}";
}
