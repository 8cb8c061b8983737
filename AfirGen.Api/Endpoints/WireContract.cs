using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Form;

namespace AfirGen.Api.Endpoints;

/// <summary>Answer of POST /process.</summary>
internal sealed record ProcessAnswer(
    bool Success,
    string SessionId,
    string FirNumber,
    string? FirContent,
    string? Error,
    IReadOnlyList<string> Steps,
    bool RequiresValidation,
    string CurrentStep,
    StepContent ContentForValidation
);

/// <summary>Body of POST /process when it is JSON.</summary>
internal sealed record ProcessRequest(string Text);

/// <summary>Body of POST /validate.</summary>
/// <param name="Step">The step that the officer saw; another one than the current is answered 409.</param>
/// <param name="Fields">
/// Values of fields of the form, by key or label; empty text withdraws one. Each is kept as given, in the fields for addresses, lists and
/// stories with its line breaks; 10,000 characters at most, 50,000 all together.
/// </param>
internal sealed record ValidateRequest(
    string SessionId,
    bool Approved,
    string? UserInput = null,
    bool Regenerate = false,
    string? Step = null,
    IReadOnlyDictionary<string, string>? Fields = null
);

internal sealed record ValidateAnswer(
    bool Success,
    string SessionId,
    string CurrentStep,
    StepContent Content,
    string Message,
    bool RequiresValidation,
    bool Completed
);

/// <summary>Body of POST /regenerate/{session_id}; both members may stand in the query instead.</summary>
internal sealed record RegenerateRequest(string? Step = null, string? UserInput = null);

internal sealed record RegenerateAnswer(bool Success, string SessionId, string Step, StepContent Content, string Message);

/// <summary>What the officer reviews; only the members of the step at hand are there.</summary>
internal sealed record StepContent
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Transcript { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OriginalText { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Summary { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SectionFinding>? Violations { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FirNarrative { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FirNumber { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FirContent { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RenderedField>? Fields { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? MissingFields { get; init; }

    /// <summary>What the officer must know about this draft.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Notice { get; init; }

    /// <summary>What is asked of the officer when nothing was drafted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
}

internal sealed record SessionStatusAnswer(
    string SessionId,
    string Status,
    string CurrentStep,
    bool AwaitingValidation,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastActivity,
    string FirNumber,
    StepContent Content,
    string? Error
);

internal sealed record AuthenticateRequest(string FirNumber, string AuthKey);

internal sealed record AuthenticateAnswer(bool Success, string Message, string FirNumber, string RegistrationNumber, Receipt Receipt);

/// <summary>What the complainant is given: enough to find the FIR again, and to prove that it was registered then.</summary>
/// <param name="SignedText">Exactly what is signed, in UTF-8.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256, DER in base64; the public key is at GET /ledger/key.</param>
internal sealed record Receipt(
    string FirNumber,
    string RegistrationNumber,
    string StationCode,
    int Year,
    long Serial,
    string RegisteredAt,
    long LedgerPosition,
    string PreviousHash,
    string RecordHash,
    string SignedText,
    string Signature
);

internal sealed record FirAnswer(string FirNumber, string Status, string CreatedAt, string? FinalizedAt, string? RegistrationNumber);

internal sealed record FirContentAnswer(
    string FirNumber,
    string Status,
    string CreatedAt,
    string? FinalizedAt,
    string? RegistrationNumber,
    string? Content,
    string ComplaintText
);

/// <param name="Next">What to give as <c>after</c> for the next page; null when this one is the last.</param>
internal sealed record FirListAnswer(IReadOnlyList<Registry.FirListing> Records, int Limit, int Offset, int Count, string? Next);

/// <param name="Outcome"><c>done</c>, <c>not_done</c> or <c>in_flight</c>.</param>
internal sealed record OperationAnswer(
    string Key,
    string Outcome,
    string? Route,
    int? StatusCode,
    JsonElement? Answer,
    string? SessionId,
    string Detail
);

/// <summary>Answer of the operator's routes.</summary>
internal sealed record OperatorAnswer<T>(bool Success, string Message, T Status);

/// <summary>The JSON of the wire: snake_case, nulls written, unknown and duplicate members refused.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ProcessAnswer))]
[JsonSerializable(typeof(ProcessRequest))]
[JsonSerializable(typeof(ValidateRequest))]
[JsonSerializable(typeof(ValidateAnswer))]
[JsonSerializable(typeof(RegenerateRequest))]
[JsonSerializable(typeof(RegenerateAnswer))]
[JsonSerializable(typeof(SessionStatusAnswer))]
[JsonSerializable(typeof(AuthenticateRequest))]
[JsonSerializable(typeof(AuthenticateAnswer))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(FirAnswer))]
[JsonSerializable(typeof(FirContentAnswer))]
[JsonSerializable(typeof(FirListAnswer))]
[JsonSerializable(typeof(OperationAnswer))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Microsoft.AspNetCore.Mvc.ProblemDetails))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class WireJson : JsonSerializerContext
{
    public static WireJson Wire { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
                AllowDuplicateProperties = false,
                RespectNullableAnnotations = true,
                RespectRequiredConstructorParameters = true,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // any script stays readable; it is served as JSON, never inside HTML
            }
        );
}
