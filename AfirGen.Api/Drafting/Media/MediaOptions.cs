namespace AfirGen.Api.Drafting.Media;

/// <summary>What reads photographs and recordings: configuration section <c>AfirGen:Media</c>.</summary>
internal sealed class MediaOptions
{
    public const string Section = "AfirGen:Media";

    /// <summary>Tesseract's command, or its full path. Empty: Tesseract is not used even when installed.</summary>
    public string TesseractPath { get; set; } = "tesseract";

    /// <summary>Language codes joined by '+'. Those without installed data are left out.</summary>
    public string TesseractLanguages { get; set; } = "eng+hin";

    /// <summary>Reads images when Tesseract is not installed: <c>POST {OcrEndpoint}</c>, for example <c>http://ocr:8002/ocr</c>.</summary>
    public Uri? OcrEndpoint { get; set; }

    /// <summary>OpenAI-compatible server, for example <c>http://localhost:8000</c>: <c>POST {TranscriptionEndpoint}/v1/audio/transcriptions</c>.</summary>
    public Uri? TranscriptionEndpoint { get; set; }

    public string TranscriptionModel { get; set; } = "whisper-1";

    /// <summary>Sent to both endpoints as a bearer token. Empty for servers that want none.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>For one image, retries included.</summary>
    public TimeSpan ImageTimeout { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>For one recording, retries included.</summary>
    public TimeSpan AudioTimeout { get; set; } = TimeSpan.FromSeconds(180);

    public int MaxRetries { get; set; } = 2;

    /// <summary>Before the first retry; doubles, with jitter.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Uploads read at once. Waiting for a turn does not use up the time limits.</summary>
    public int MaxConcurrentReads { get; set; } = 4;

    /// <summary>With the version once, whether or not the setting has it, as the chat model's does.</summary>
    public Uri TranscriptionApi
    {
        get
        {
            var address = TranscriptionEndpoint!.AbsoluteUri.TrimEnd('/');
            return new(address.EndsWith("/v1", StringComparison.Ordinal) ? address : $"{address}/v1");
        }
    }

    /// <returns>What is wrong, in one line that names the setting; null when nothing is.</returns>
    public string? Problem() =>
        this switch
        {
            _ when !IsUsable(OcrEndpoint) => $"{Section}:OcrEndpoint must be an absolute http or https address without user name",
            _ when !IsUsable(TranscriptionEndpoint) =>
                $"{Section}:TranscriptionEndpoint must be an absolute http or https address without user name",
            _ when TranscriptionEndpoint is not null && string.IsNullOrEmpty(TranscriptionModel) =>
                $"{Section}:TranscriptionModel must name the model because {Section}:TranscriptionEndpoint is set",
            _ when !TesseractLanguages.Split('+').All(IsLanguage) =>
                $"{Section}:TesseractLanguages must be language codes joined by '+', for example eng+hin, not '{TesseractLanguages}'",
            _ when !IsSensible(ImageTimeout) => $"{Section}:ImageTimeout must be between 1 second and 30 minutes, not {ImageTimeout}",
            _ when !IsSensible(AudioTimeout) => $"{Section}:AudioTimeout must be between 1 second and 30 minutes, not {AudioTimeout}",
            { MaxRetries: < 0 or > 10 } => $"{Section}:MaxRetries must be between 0 and 10, not {MaxRetries}",
            _ when RetryDelay < TimeSpan.Zero || RetryDelay > TimeSpan.FromMinutes(1) =>
                $"{Section}:RetryDelay must be between 0 and 1 minute, not {RetryDelay}",
            { MaxConcurrentReads: < 1 or > 1000 } => $"{Section}:MaxConcurrentReads must be between 1 and 1000, not {MaxConcurrentReads}",
            _ => null,
        };

    private static bool IsUsable(Uri? endpoint) =>
        endpoint is null || (endpoint.IsAbsoluteUri && endpoint.Scheme is "http" or "https" && endpoint.UserInfo.Length == 0);

    private static bool IsSensible(TimeSpan timeout) => timeout >= TimeSpan.FromSeconds(1) && timeout <= TimeSpan.FromMinutes(30);

    // Letters and underscores only (chi_sim): the value becomes a command-line argument.
    private static bool IsLanguage(string code) => code.Length > 0 && code.All(c => char.IsAsciiLetter(c) || c == '_');
}
