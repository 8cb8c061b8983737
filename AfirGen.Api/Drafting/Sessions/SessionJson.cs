using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AfirGen.Api.Drafting.Sessions;

/// <summary>How sessions, events and outbox payloads are stored: snake_case, enums by name, text readable in any script.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SessionState))]
[JsonSerializable(typeof(SessionEvent))]
[JsonSerializable(typeof(IReadOnlyList<SectionFinding>))]
[JsonSerializable(typeof(Registry.RecordDraft))]
[JsonSerializable(typeof(Registry.RecordPending))]
[JsonSerializable(typeof(Registry.Register))]
internal sealed partial class SessionJson : JsonSerializerContext
{
    public static SessionJson Stored { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                Converters =
                {
                    new SnakeCaseEnumConverter<ReviewStep>(),
                    new SnakeCaseEnumConverter<SessionStatus>(),
                    new SnakeCaseEnumConverter<ComplaintSource>(),
                },
            }
        );
}

/// <summary><c>TranscriptReview</c> is written <c>transcript_review</c>; numbers are not read.</summary>
internal sealed class SnakeCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
