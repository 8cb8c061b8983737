using AfirGen.Tests.Chat;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>Sessions whose approvals wait for a chat model that takes its time.</summary>
internal sealed class SlowDesk : IAsyncDisposable
{
    private readonly FakeOpenAiServer _model;
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string[] _sessions = [];

    private SlowDesk(TestStack stack, FakeOpenAiServer model)
    {
        Stack = stack;
        _model = model;
        model.Respond = _ => FakeAnswer.SaysAfter(_release, "A summary that took its time.");
        stack.Settings["AfirGen:ChatModel:Endpoint"] = model.ChatEndpoint.ToString();
        stack.Settings["AfirGen:ChatModel:Model"] = "stand-in";
    }

    public TestStack Stack { get; }

    public Task<Reply[]> Answers { get; private set; } = Task.FromResult<Reply[]>([]);

    /// <summary>Starts the stack, which is this desk's from now on, and returns once all requests are in flight.</summary>
    public static async Task<SlowDesk> OpenAsync(TestStack prepared, int requests)
    {
        var desk = new SlowDesk(prepared, await FakeOpenAiServer.StartAsync());
        try
        {
            await prepared.StartApiAsync();
            var created = await Task.WhenAll(
                Enumerable.Range(0, requests).Select(i => prepared.Client.ProcessAsync(Complaints.Theft, $"process-{i}"))
            );
            desk._sessions = [.. created.Select(answer => answer.RequireOk()["session_id"])];
            desk.Answers = Task.WhenAll(Enumerable.Range(0, requests).Select(desk.ApproveAsync));
            await Eventually.TrueAsync(() => desk._model.Requests.Count == requests, "all requests wait for the model");
            return desk;
        }
        catch
        {
            await desk.DisposeAsync();
            throw;
        }
    }

    public Task<Reply> ApproveAsync(int session) => Stack.Client.ApproveAsync(_sessions[session], key: $"approve-{session}");

    public void Release() => _release.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        await Stack.DisposeAsync();
        await _model.DisposeAsync();
    }
}
