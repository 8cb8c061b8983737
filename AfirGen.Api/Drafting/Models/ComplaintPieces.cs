using System.Globalization;
using System.Text;
using AfirGen.Api.Drafting.Form;

namespace AfirGen.Api.Drafting.Models;

/// <summary>The complaint and the officer's notes, cut into pieces that fit the chat model's context.</summary>
/// <param name="Pieces">In order; never empty.</param>
/// <param name="UnreadCharacters">Characters at the end that no piece holds, because there would be more than <see cref="MaxPieces"/>.</param>
internal sealed record ComplaintPieces(IReadOnlyList<string> Pieces, int UnreadCharacters)
{
    /// <summary>The longest complaint (50,000 characters) and notes to match fit in these at the default piece size.</summary>
    public const int MaxPieces = 12;

    private static readonly SearchableCharacters SentenceEnds = new(".!?।॥\n");
    private static readonly SearchableCharacters WordEnds = new(" \t\r");

    /// <summary>What the officer must know about how the complaint was read; null when it was read in one go.</summary>
    public string? Notice =>
        (Pieces.Count, UnreadCharacters) switch
        {
            (1, 0) => null,
            (_, 0) => $"The complaint is long and was read by the chat model in {Pieces.Count} pieces; check that nothing is missing.",
            _ => $"The complaint is too long for the chat model: the last {UnreadCharacters} characters were not read. Add what they say.",
        };

    public static ComplaintPieces Of(DraftingInput input, int maxPieceCharacters)
    {
        var text = new StringBuilder(input.Transcript ?? input.OriginalText);
        foreach (var note in input.Notes)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n\nOfficer's correction or addition (a later one wins): {OfficerNotes.Whole(note)}"
            );
        }

        return Cut(text.ToString(), maxPieceCharacters);
    }

    public static ComplaintPieces Cut(string text, int maxPieceCharacters)
    {
        var pieces = new List<string>();
        var rest = text.AsSpan();
        while (rest.Length > maxPieceCharacters && pieces.Count < MaxPieces)
        {
            var length = CutAt(rest[..(maxPieceCharacters + 1)]);
            pieces.Add(rest[..length].ToString());
            rest = rest[length..];
        }

        if (pieces.Count < MaxPieces)
        {
            pieces.Add(rest.ToString());
            rest = [];
        }

        return new(pieces, rest.Length);
    }

    // After a sentence if one ends in the second half, else after a word, else anywhere but inside a surrogate pair.
    // The window is one character longer than a piece, to see what the cut would split.
    private static int CutAt(ReadOnlySpan<char> window)
    {
        var half = window.Length / 2;
        var piece = window[..^1];
        foreach (var ends in (ReadOnlySpan<SearchableCharacters>)[SentenceEnds, WordEnds])
        {
            var last = ends.LastIn(piece[half..]);
            if (last >= 0)
            {
                return half + last + 1;
            }
        }

        return char.IsLowSurrogate(window[^1]) ? piece.Length - 1 : piece.Length;
    }

    private readonly record struct SearchableCharacters(string Characters)
    {
        public int LastIn(ReadOnlySpan<char> text) => text.LastIndexOfAny(Characters);
    }
}
