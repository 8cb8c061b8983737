using System.Text.Json;

namespace AfirGen.Api.Drafting;

/// <summary>How names of steps and statuses look outside: <c>TranscriptReview</c> is <c>transcript_review</c>.</summary>
internal static class SnakeCase
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
