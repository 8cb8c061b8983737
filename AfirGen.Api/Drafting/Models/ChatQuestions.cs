using System.ClientModel;
using System.Text.RegularExpressions;
using AfirGen.Api.Reliability;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Drafting.Models;

/// <summary>Puts one question to the chat model: waits for a turn, then calls within the time allowed, with retries, through the breaker.</summary>
internal sealed partial class ChatQuestions(
    IChatClient client,
    CircuitBreakers breakers,
    IOptions<ChatModelOptions> options,
    TimeProvider time
) : IDisposable
{
    private readonly ChatModelOptions _options = options.Value;
    private readonly SemaphoreSlim _turns = new(options.Value.MaxConcurrentCalls);
    private readonly DependencyCall _call = new(
        breakers.ModelServer,
        new CallBudget(options.Value.Timeout, options.Value.MaxRetries, options.Value.RetryDelay),
        time
    );

    /// <exception cref="UnusableAnswerException">The model answered, and the answer cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    /// <remarks>Anything else that it throws means that the model could not be asked.</remarks>
    public async Task<string> AskAsync(Prompt prompt, float temperature, CancellationToken cancellationToken)
    {
        ChatMessage[] messages = [new(ChatRole.System, prompt.System), new(ChatRole.User, prompt.User)];
        var chatOptions = new ChatOptions { MaxOutputTokens = _options.MaxAnswerTokens, Temperature = temperature };

        await _turns.WaitAsync(cancellationToken);
        try
        {
            return await _call.ExecuteAsync(async token => Usable(await RespondAsync(messages, chatOptions, token)), cancellationToken);
        }
        finally
        {
            _turns.Release();
        }
    }

    public string ModelName => _options.Model;

    public int MaxPieceCharacters => _options.MaxPieceCharacters;

    public void Dispose() => _turns.Dispose();

    private async Task<ChatResponse> RespondAsync(ChatMessage[] messages, ChatOptions chatOptions, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetResponseAsync(messages, chatOptions, cancellationToken);
        }
        catch (ClientResultException exception) when (exception.Status >= 400)
        {
            // The original carries the server's body, which may repeat the complaint: it must reach no log.
            throw DependencyAnswerException.For(exception.Status);
        }
    }

    private static string Usable(ChatResponse response)
    {
        // Half a narrative looks like a whole one.
        if (response.FinishReason == ChatFinishReason.Length)
        {
            throw new UnusableAnswerException("its answer was cut off");
        }

        if (response.FinishReason == ChatFinishReason.ContentFilter)
        {
            throw new UnusableAnswerException("it refused to answer");
        }

        var text = Reasoning().Replace(response.Text, "").Trim();
        return text.Length > 0 ? text : throw new UnusableAnswerException("its answer was empty");
    }

    // Some open models print their reasoning before the answer.
    [GeneratedRegex("^\\s*<think>.*?</think>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Reasoning();
}

/// <summary>The server works; this answer is of no use.</summary>
internal sealed class UnusableAnswerException(string message) : RequestFaultException(message);
