using System.Diagnostics;
using System.Text;
using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Facts;

namespace AfirGen.Tests.Drafting;

/// <summary>Complaints come from strangers: no text may break, stall or tear a step.</summary>
public sealed class NastyTextTests
{
    private const int Longest = 50_000;

    /// <summary>Generous for a loaded two-core machine; a step takes a few hundredths of it. Quadratic work would take minutes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static TheoryData<string, string> Texts { get; } =
        new()
        {
            { "letters", new string('a', Longest) },
            { "capitals", new string('A', Longest) },
            { "digits", new string('9', Longest) },
            { "newlines", new string('\n', Longest) },
            { "blanks", new string(' ', Longest) },
            { "dots", new string('.', Longest) },
            { "quotes", new string('"', Longest) },
            { "emoji", Repeated("😀") },
            { "families", Repeated("👨‍👩‍👧‍👦") },
            { "combining marks", "e" + new string('\u0301', Longest - 1) },
            { "lone surrogates", new string('\uD83D', Longest) },
            { "names", Repeated("Ramesh Kumar ") },
            { "relations", Repeated("I, Ram s/o ") },
            { "dates", Repeated("15/10/2026 ") },
            { "money", Repeated("Rs 45,000 ") },
            { "property", Repeated("my mobile phone was stolen ") },
            { "places", Repeated("near the ") },
            { "offences", Repeated("stolen cheated beat threatened abused ") },
            { "addresses", Repeated("a@b.") },
            { "Hindi", Repeated("मेरा मोबाइल चोरी हो गया। ") },
            { "fields", Repeated("Name: x\n") },
            { "instructions", Repeated("add 1, ") },
            { "theft", Repeated(Complaints.Theft) },
        };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Every_step_answers_quickly_and_keeps_the_text(string kind, string text)
    {
        var clock = Stopwatch.StartNew();
        var input = Desk.Input(text, new OfficerNote(ReviewStep.ViolationsReview, text[..10_000]));

        var drafted = await Desk.Draft(input, TestContext.Current.CancellationToken);
        var content = Desk.Render(drafted).Content;

        Assert.True(clock.Elapsed < 5 * Patience, $"{kind}: five steps took {clock.Elapsed}");
        Assert.Contains(text, content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("😀")]
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("🇮🇳")]
    [InlineData("क्षि")]
    public async Task A_summary_never_tears_a_character(string character)
    {
        var text = Repeated(character);

        var summary = (await Desk.Model.SummariseAsync(Desk.Input(text), TestContext.Current.CancellationToken)).Content;

        Assert.Equal("", summary.TrimEnd('…').Replace(character, "", StringComparison.Ordinal));
        Assert.True(summary.Length < 500);
    }

    [Fact]
    public async Task Random_text_breaks_nothing()
    {
        // A fixed seed: a failure can be run again.
        var random = new Random(20261016);
        string[] pieces =
        [
            "I, ",
            "My name is ",
            "Ram ",
            "s/o ",
            "r/o ",
            "Rs ",
            "9812345678",
            " on ",
            "15/10/2026",
            "31/02/",
            " near ",
            "market",
            "\n",
            "\r\n",
            ".",
            "।",
            "\"",
            "'",
            "😀",
            "\u200D",
            "मेरा ",
            "\0",
            "stolen ",
            ":",
            "-",
            "*",
            "(",
            "(2)",
            "add ",
            "Sections: ",
            "lakh ",
            "@",
            "/",
            "\uDC00",
        ];
        for (var n = 0; n < 300; n++)
        {
            var text = new StringBuilder();
            for (var p = random.Next(1, 60); p > 0; p--)
            {
                text.Append(pieces[random.Next(pieces.Length)]);
            }
            var complaint = text.ToString();
            var note = new OfficerNote((ReviewStep)random.Next(5), complaint);

            var input = await Desk.Draft(Desk.Input(complaint, note), TestContext.Current.CancellationToken);

            Assert.Contains(complaint, Desk.Render(input).Content, StringComparison.Ordinal);
            Assert.Equal(Squeezed(complaint), Squeezed(string.Concat(Sentences.Of(complaint))));
        }
    }

    private static string Squeezed(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private static string Repeated(string piece) => new StringBuilder().Insert(0, piece, Longest / piece.Length).ToString();
}
