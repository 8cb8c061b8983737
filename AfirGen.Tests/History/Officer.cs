using AfirGen.Tests.Stack;

namespace AfirGen.Tests.History;

/// <summary>The service as clients see it: it may be away for a while, and comes back at another address.</summary>
internal sealed class ServiceLine
{
    private volatile TaskCompletionSource<ApiClient> _client = Fresh();

    public Task<ApiClient> ClientAsync() => _client.Task;

    /// <summary>From now on clients wait for <see cref="Up"/> before they send anything.</summary>
    public void Down() => _client = Fresh();

    public void Up(ApiClient client) => _client.SetResult(client);

    private static TaskCompletionSource<ApiClient> Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>An officer who takes complaints in, corrects, approves and registers, one request after the other, each until it is resolved.</summary>
/// <param name="patient">Comes back after a 503 that says that nothing happened; without it such an answer fails the test.</param>
internal sealed class Officer(int number, Random random, OperationHistory history, ServiceLine line, bool patient = false)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private const int Steps = 5;
    private const int OneInCorrected = 4;
    private static readonly string[] Texts = [Complaints.Theft, Complaints.Cheating, Complaints.Assault];
    private int _requests;

    /// <summary>Works until told to stop; what is under way then is still resolved.</summary>
    public async Task WorkAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await JourneyAsync(stop);
        }
    }

    public static Task<Reply> SendAsync(ApiClient client, Request request)
    {
        var key = request.Keyed ? request.Key : null;
        return request.Kind switch
        {
            RequestKind.Process => client.ProcessAsync(request.Text!, key),
            RequestKind.Approve => client.ApproveAsync(request.SessionId!, request.Step, key, request.Text),
            RequestKind.Correct => client.CorrectAsync(request.SessionId!, request.Text!, key),
            RequestKind.Regenerate => client.RegenerateAsync(request.SessionId!, request.Step!, request.Text, key),
            _ => client.AuthenticateAsync(request.FirNumber!, EmbeddedStack.AuthKey, key),
        };
    }

    private async Task JourneyAsync(CancellationToken stop)
    {
        var key = NextKey();
        var complaint = $"{Texts[random.Next(Texts.Length)]}\nReference {key}.";
        var created = await ResolveAsync(new(key, RequestKind.Process, null, null, complaint));
        var (sessionId, firNumber) = (created["session_id"], created["fir_number"]);
        for (var step = 0; step < Steps && !stop.IsCancellationRequested; step++)
        {
            if (random.Next(OneInCorrected) == 0)
            {
                key = NextKey();
                await ResolveAsync(new(key, RequestKind.Correct, sessionId, firNumber, $"The complainant adds: reference {key}."));
            }

            await ResolveAsync(new(NextKey(), RequestKind.Approve, sessionId, firNumber, null));
            if (step == Steps - 1)
            {
                await ResolveAsync(new(NextKey(), RequestKind.Register, sessionId, firNumber, null));
            }
        }
    }

    private string NextKey() => $"officer-{number}-{++_requests}";

    /// <summary>Repeats with the same key until the outcome is known; then it must be good.</summary>
    private async Task<Reply> ResolveAsync(Request request)
    {
        while (true)
        {
            var client = await line.ClientAsync();
            var attempt = await history.AttemptAsync(request, r => SendAsync(client, r));
            switch (attempt.Verdict)
            {
                case Verdict.Ok:
                    return attempt.Answer!;
                case Verdict.Fail when patient && attempt.Answer!.Status == 503:
                    Assert.Contains("Retry-After", attempt.Answer.Headers.Keys);
                    await Task.Delay(Patience);
                    break;
                case Verdict.Fail:
                    throw new InvalidOperationException($"{request.Kind} {request.Key}: {attempt.Answer!.Status} {attempt.Answer.Text}");
            }
        }
    }
}
