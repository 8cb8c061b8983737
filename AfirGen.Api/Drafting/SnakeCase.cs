using System.Collections.Frozen;
using System.Text.Json;

namespace AfirGen.Api.Drafting;

/// <summary>How names of steps and statuses look outside: <c>TranscriptReview</c> is <c>transcript_review</c>.</summary>
internal static class SnakeCase
{
    /// <exception cref="KeyNotFoundException">The value has no name.</exception>
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.ByValue[value];

    private static class Names<T>
        where T : struct, Enum
    {
        /// <summary>Made once: each request asks for several.</summary>
        public static readonly FrozenDictionary<T, string> ByValue = Enum.GetValues<T>()
            .ToFrozenDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
    }
}
