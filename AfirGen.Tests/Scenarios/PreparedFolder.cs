using AfirGen.Tests.History;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>
/// A data folder with one session whose narrative awaits approval and one that only wants registering: made once, copied by each test.
/// </summary>
public sealed class PreparedFolder : IAsyncLifetime
{
    internal static readonly string[] Routes = ["process", "validate", "authenticate"];

    private readonly TemporaryFolder _folder = new();
    private readonly OperationHistory _history = new();
    private Reply _atNarrative = null!;
    private Reply _completed = null!;

    internal string Folder => _folder.File("prepared");

    public async ValueTask InitializeAsync()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        _atNarrative = await ProcessAsync(stack, "at-narrative", Complaints.Theft);
        await ApproveAsync(stack, _atNarrative, 3);
        _completed = await ProcessAsync(stack, "completed", Complaints.Cheating);
        await ApproveAsync(stack, _completed, 5);
        Assert.Equal(0, await stack.StopApiAsync());
        Stores.Copy(stack.DataFolder, Folder);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>What was acknowledged while the folder was made.</summary>
    internal void AddTo(OperationHistory history)
    {
        foreach (var operation in _history.Operations)
        {
            _ = history.AttemptAsync(operation.Request, _ => Task.FromResult(operation.Acknowledged!));
        }
    }

    /// <summary>The next request on this route.</summary>
    internal Request Next(string route) =>
        route switch
        {
            "process" => new("new", RequestKind.Process, null, null, Complaints.Assault),
            "validate" => new("approve", RequestKind.Approve, _atNarrative["session_id"], _atNarrative["fir_number"], null),
            _ => new("register", RequestKind.Register, _completed["session_id"], _completed["fir_number"], null),
        };

    private Task<Reply> ProcessAsync(EmbeddedStack stack, string key, string text) =>
        SendAsync(stack, new(key, RequestKind.Process, null, null, text));

    private async Task ApproveAsync(EmbeddedStack stack, Reply session, int times)
    {
        for (var step = 0; step < times; step++)
        {
            var key = $"{session["session_id"]}-{step}";
            await SendAsync(stack, new(key, RequestKind.Approve, session["session_id"], session["fir_number"], null));
        }
    }

    private async Task<Reply> SendAsync(EmbeddedStack stack, Request request) =>
        (await _history.AttemptAsync(request, r => Officer.SendAsync(stack.Client, r))).Answer!.RequireOk();
}
