namespace AfirGen.Api.Drafting.Models;

/// <summary>The chat model that drafts, when there is one: configuration section <c>AfirGen:ChatModel</c>.</summary>
internal sealed class ChatModelOptions
{
    public const string Section = "AfirGen:ChatModel";

    /// <summary>OpenAI-compatible, up to and including the version: <c>http://localhost:11434/v1</c>. Empty: no chat model is used.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The model's name as the server knows it.</summary>
    public string Model { get; set; } = "";

    /// <summary>Empty for servers that want none.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>For one question to the model, retries included.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    public int MaxRetries { get; set; } = 2;

    /// <summary>Before the first retry; doubles, with jitter.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Questions under way at once, over all sessions. Waiting for a turn does not use up <see cref="Timeout"/>.</summary>
    public int MaxConcurrentCalls { get; set; } = 10;

    /// <summary>Characters of the complaint that one question carries. A longer complaint is read in pieces.</summary>
    public int MaxPieceCharacters { get; set; } = 12_000;

    /// <summary>Room for one answer, a reasoning model's reasoning included. An answer that is cut off is not used.</summary>
    public int MaxAnswerTokens { get; set; } = 4_000;

    public bool IsUsed => Endpoint is not null;

    /// <returns>What is wrong, in one line that names the setting; null when nothing is.</returns>
    public string? Problem()
    {
        if (Endpoint is null)
        {
            return null;
        }

        return this switch
        {
            _ when !Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("http" or "https") =>
                $"{Section}:Endpoint must be an absolute http or https address, for example http://localhost:11434/v1",
            _ when Endpoint.UserInfo.Length + Endpoint.Query.Length + Endpoint.Fragment.Length > 0 =>
                $"{Section}:Endpoint must hold no user name, query or fragment: the key belongs in {Section}:ApiKey",
            { Model: null or "" } => $"{Section}:Model must name the model because {Section}:Endpoint is set",
            _ when Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromMinutes(30) =>
                $"{Section}:Timeout must be between 1 second and 30 minutes, not {Timeout}",
            { MaxRetries: < 0 or > 10 } => $"{Section}:MaxRetries must be between 0 and 10, not {MaxRetries}",
            _ when RetryDelay < TimeSpan.Zero || RetryDelay > TimeSpan.FromMinutes(1) =>
                $"{Section}:RetryDelay must be between 0 and 1 minute, not {RetryDelay}",
            { MaxConcurrentCalls: < 1 or > 1000 } => $"{Section}:MaxConcurrentCalls must be between 1 and 1000, not {MaxConcurrentCalls}",
            { MaxPieceCharacters: < 500 } => $"{Section}:MaxPieceCharacters must be at least 500, not {MaxPieceCharacters}",
            { MaxAnswerTokens: < 16 } => $"{Section}:MaxAnswerTokens must be at least 16, not {MaxAnswerTokens}",
            _ => null,
        };
    }
}
