using System.Text.Json.Serialization;

namespace AfirGen.Api.Doctor;

[JsonConverter(typeof(JsonStringEnumConverter<Level>))]
internal enum Level
{
    [JsonStringEnumMemberName("right")]
    Right,

    [JsonStringEnumMemberName("wrong")]
    Wrong,

    /// <summary>It should have been looked at and could not be: whether it is right nobody knows.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>There is nothing to look at here, or nobody said where.</summary>
    [JsonStringEnumMemberName("not_looked_at")]
    NotLookedAt,
}

/// <summary>One line of the doctor's.</summary>
/// <param name="Text">What was found, or why nothing was.</param>
/// <param name="Mend">The command, or the setting, that mends it; null when nothing is to be mended.</param>
internal sealed record Finding(Level Level, string Text, string? Mend = null)
{
    public static Finding Right(string text) => new(Level.Right, text);

    public static Finding Wrong(string text, string mend) => new(Level.Wrong, text, mend);

    public static Finding Unknown(string reason, string? mend = null) => new(Level.Unknown, reason, mend);

    public static Finding NotLookedAt(string reason, string? how = null) => new(Level.NotLookedAt, reason, how);
}
