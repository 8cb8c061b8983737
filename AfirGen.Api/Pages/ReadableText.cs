using System.Globalization;
using System.Text.RegularExpressions;

namespace AfirGen.Api.Pages;

/// <summary>
/// Text of others for reading, on screen and on paper: characters that turn the order of what follows around are named instead of obeyed,
/// or a reader would see another order than the one that is recorded. The record itself is left as it is. The scripts' <c>readable</c>
/// does the same.
/// </summary>
internal static partial class ReadableText
{
    public static string Of(string text) =>
        Override().Replace(text, mark => $"[U+{((int)mark.Value[0]).ToString("X4", CultureInfo.InvariantCulture)}]");

    [GeneratedRegex(@"[\u202A-\u202E\u2066-\u2069]")]
    private static partial Regex Override();
}
