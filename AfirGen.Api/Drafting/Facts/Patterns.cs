using System.Text.RegularExpressions;

namespace AfirGen.Api.Drafting.Facts;

/// <summary>
/// The pieces that the patterns of this folder share. Every pattern is non-backtracking: its time is linear in the text,
/// whatever the text is, and complaints come from strangers.
/// </summary>
internal static class Patterns
{
    /// <summary>A personal name: one to four capitalised words or initials, with an optional title.</summary>
    public const string Name =
        @"(?:(?:Shri|Sri|Smt|Mr|Mrs|Ms|Dr|Md|Mohd|Kumari|Km|Late)\.?[ ]+)*(?:\p{Lu}\.[ ]?)*\p{Lu}[\p{L}\p{M}'’]+(?:[ ](?:\p{Lu}\.|\p{Lu}[\p{L}\p{M}'’]+)){0,3}";

    public const string Date =
        @"(?:[0-3]?[0-9][./-][01]?[0-9][./-](?:19|20)?[0-9]{2}|[0-3]?[0-9](?:st|nd|rd|th)?(?:[ ]of)?[ ]+(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?,?(?:[ ]+(?:19|20)[0-9]{2})?|(?:January|February|March|April|May|June|July|August|September|October|November|December)[ ]+[0-3]?[0-9](?:st|nd|rd|th)?,?[ ]+(?:19|20)[0-9]{2})";

    public const string ClockTime =
        @"(?:[01]?[0-9](?:[:.][0-5][0-9])?[ ]?(?:a\.m\.?|p\.m\.?|am|pm)|[0-2]?[0-9][:.][0-5][0-9](?:[ ]?(?:hrs|hours|hours'))?|[0-2][0-9][0-5][0-9][ ]?(?:hrs|hours))";

    /// <summary>An Indian mobile number, with or without country code.</summary>
    public const string Mobile = @"(?:\+?91[ -]?|0)?[6-9][0-9]{4}[ -]?[0-9]{5}";

    /// <summary>A vehicle registration mark, for example DL 3S AB 1234.</summary>
    public const string Plate = @"[A-Z]{2}[ -]?[0-9]{1,2}[ -]?[A-Z]{1,3}[ -]?[0-9]{4}";

    public static Regex Compile(string pattern, bool ignoreCase = true) =>
        new(
            pattern,
            RegexOptions.NonBacktracking
                | RegexOptions.CultureInvariant
                | RegexOptions.ExplicitCapture
                | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None)
        );

    /// <summary>The value of a group, or null.</summary>
    public static string? Value(this Match match, string group) =>
        match.Success && match.Groups[group] is { Success: true } found && found.Value.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>At most <paramref name="length"/> characters before an index.</summary>
    public static string Before(this string text, int index, int length) => text[Math.Max(0, index - length)..index];

    /// <summary>At most <paramref name="length"/> characters from an index.</summary>
    public static string After(this string text, int index, int length) => text[index..Math.Min(text.Length, index + length)];
}
