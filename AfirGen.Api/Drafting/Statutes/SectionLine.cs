using System.Globalization;
using System.Text.RegularExpressions;
using AfirGen.Api.Drafting.Facts;

namespace AfirGen.Api.Drafting.Statutes;

/// <summary>One line of an officer's note, read for what it wants changed in the list of sections. White space of any kind counts as a blank.</summary>
internal sealed class SectionLine
{
    /// <summary>How a section of the BNS is written: <c>303(2)</c> or <c>115</c>.</summary>
    private const string Reference = @"[0-9]{1,3}([ ]?\([0-9a-z]{1,3}\))*";

    /// <summary>Characters behind a number in which an Act may be named.</summary>
    private const int LongestName = 120;

    private static readonly Regex WhiteSpace = Patterns.Compile(@"\s+");

    private static readonly Regex Command = Patterns.Compile(
        $@"\b(?<verb>add|include|remove|delete|drop)[ ]+(the[ ]+)?(?<marker>(bns[ ]+)?(u/s[ ]+|sections?[ ]+|sec\.?[ ]+|s\.[ ]*)|bns[ ]+)?(?<list>{Reference}([ ]*(,|and|&|,[ ]*and)[ ]*{Reference})*)"
    );

    private static readonly Regex Section = Patterns.Compile(Reference);

    private static readonly Regex Number = Patterns.Compile($"^{Reference}$");

    // The whole line, because what another Act calls its sections can be any words.
    private static readonly Regex Removal = Patterns.Compile(
        @"^([\s\p{P}]|please|kindly|also|and|then)*(remove|delete|drop)[ ]+(the[ ]+)?(?<marker>u/s[ ]+|sections?[ ]+|sec\.?[ ]+|s\.[ ]*)?(?<section>[^ ].*)$"
    );

    // "add 2 lakh rupees" is about money; "66D", "66-D" and "302/34" are no sections of the BNS, whatever follows.
    private static readonly Regex OtherMeaning = Patterns.Compile(
        @"^([0-9a-z]|[.][0-9]|[/-][0-9a-z]{1,3}\b|[ ]*(rs|rupees|lakh|lac|thousand|persons?|people|witness|grams?|gm|am\b|pm\b|years?|days?|hours?))"
    );

    /// <summary>What may stand between a number and its Act: <c>66 D</c>, <c>66-D</c>, <c>302/34</c>, <c>66 read with 43,</c>.</summary>
    private const string Tail =
        $@"([ ]?[a-z]\b|[/-][0-9a-z]{{1,3}}\b)?([ ]*(r/w|read[ ]+with)[ ]+(sections?[ ]+|sec\.?[ ]+|s\.[ ]*)?{Reference}[a-z]?)*[ ]*,?[ ]*";

    private const string Bns = @"(bns|b[.]n[.]s[.]?|bh?ar[a-z]*[ ]+nyaya?[ ]+sa[mn]hita)";

    private static readonly Regex OfTheBns = Patterns.Compile($@"^{Tail}((of|under)[ ]+)?(the[ ]+)?{Bns}([^a-z.]|[.]([^a-z]|$)|$)");

    /// <summary>An Act by its name, however long: without a capital letter "for he did not act alone" would name one.</summary>
    private static readonly Regex OfNamedAct = Patterns.Compile(
        $@"^{Tail}((of|under)[ ]+)?(the[ ]+)?"
            + @"(([a-z&]+[ ]+){0,2}(ipc|i[.]p[.]c|crpc|cr[.]p[.]c|bnss|b[.]n[.]s[.]s|bsa|act|pocso|ndps)\b"
            + @"|(([a-z][.])+[ ]+|[\p{L}\p{M}&/()'’-]+[ ]+){0,12}((?-i:Act|ACT|Code|CODE|Rules|RULES|Adhiniyam|Sanhita)\b|अधिनियम))"
    );

    /// <summary>What is "of" anything but the BNS is of another Act, whatever it is called: the wrong law is worse than a question.</summary>
    private static readonly Regex OfSomething = Patterns.Compile(
        $@"^{Tail}(of[ ]+[^ ]|under[ ]+([\p{{L}}\p{{M}}&/()'’-]+[ ]+){{0,12}}(act|code|rules)\b)"
    );

    private static readonly Regex Negation = Patterns.Compile(@"(\bnot|n't|\bnever)[ ]+([a-z]+[ ]+)?$");

    private static readonly Regex Attempt = Patterns.Compile(
        @"\b(add|include|remove|delete|drop)[ ]+(the[ ]+)?(bns[ ]+)?(u/s|sections?|sec\.?)([ ]|$)"
    );

    private static readonly Regex Courtesy = Patterns.Compile(
        $@"^([\s\p{{P}}]|please|kindly|also|and|then|((of|under)[ ]+)?(the[ ]+)?{Bns}([ ,]*2023)?)*$"
    );

    private readonly string text;
    private readonly List<Match> obeyed;

    public SectionLine(string line, ReviewStep step)
    {
        text = WhiteSpace.Replace(line, " ");
        obeyed = [.. Command.Matches(text).Where(m => IsCommand(text, m) && IsMeant(m, step))];
        Removed =
            Removal.Match(text) is { Success: true } removal
            && IsMeant(removal, step)
            && removal.Groups["section"].Value is var section
            && !IsNumber(Bare(section))
                ? section
                : null;
    }

    /// <summary>What the line as a whole wants removed, if the list has it: <c>66D of the IT Act</c>. Null when that is a number alone.</summary>
    public string? Removed { get; }

    /// <summary>What is added and removed by number, in order.</summary>
    public IEnumerable<(bool Adds, string Section)> Changes =>
        from command in obeyed
        let adds = command.Groups["verb"].Value.ToLowerInvariant() is "add" or "include"
        from section in Section.Matches(command.Groups["list"].Value)
        select (adds, section.Value);

    /// <summary>The words that are carried out by <see cref="Changes"/>.</summary>
    public string Done => string.Join("; ", obeyed.Select(command => command.Value));

    /// <summary>Of <see cref="Changes"/> alone.</summary>
    public LineOutcome Outcome =>
        obeyed.Count > 0
            ? Courtesy.IsMatch(Rest)
                ? LineOutcome.CarriedOut
                : LineOutcome.InPart
            : IsAttempt
                ? LineOutcome.Unread
                : LineOutcome.Remark;

    private string Rest
    {
        get
        {
            var rest = text;
            foreach (var command in Enumerable.Reverse(obeyed))
            {
                rest = rest.Remove(command.Index, command.Length);
            }
            return rest;
        }
    }

    private bool IsAttempt =>
        Attempt.Matches(text).Any(m => !IsNegated(text, m)) || Command.Matches(text).Any(m => NamesAnotherAct(text, m));

    /// <summary>Whether the line is an instruction about sections, of whatever Act, and not part of the story.</summary>
    public static bool IsInstruction(string line)
    {
        var text = WhiteSpace.Replace(line, " ");
        return Command.Matches(text).Any(m => IsCommand(text, m) || (m.Groups["marker"].Success && NamesAnotherAct(text, m)));
    }

    /// <summary>Whether it is written as sections of the BNS are; those of other Acts are words.</summary>
    public static bool IsNumber(string section) => Number.IsMatch(section);

    /// <summary>Whether both name the same section, as people write it.</summary>
    public static bool IsSame(string one, string other) => string.Equals(Bare(one), Bare(other), StringComparison.OrdinalIgnoreCase);

    private static string Bare(string section) => WhiteSpace.Replace(section, " ").Trim().TrimEnd('.', ',', ';', '!', ' ');

    private static bool IsNegated(string line, Match command) => Negation.IsMatch(line.Before(command.Index, 24));

    // Outside the sections' step a number alone is part of the story.
    private static bool IsMeant(Match command, ReviewStep step) => command.Groups["marker"].Success || step == ReviewStep.ViolationsReview;

    private static bool IsOfAnotherAct(string line, Match command)
    {
        var tail = line.After(command.Index + command.Length, LongestName);
        return !OfTheBns.IsMatch(tail) && (OfNamedAct.IsMatch(tail) || OfSomething.IsMatch(tail));
    }

    private static bool NamesAnotherAct(string line, Match command)
    {
        var tail = line.After(command.Index + command.Length, LongestName);
        return !OfTheBns.IsMatch(tail) && OfNamedAct.IsMatch(tail) && !IsNegated(line, command);
    }

    private static bool IsCommand(string line, Match command)
    {
        var end = command.Index + command.Length;
        return !OtherMeaning.IsMatch(line.After(end, 32))
            && !IsOfAnotherAct(line, command)
            && !IsNegated(line, command)
            && (command.Groups["marker"].Success || Section.Matches(command.Groups["list"].Value).All(m => IsNumberOfTheBns(m.Value)));
    }

    // "add 500 to the account" is no section; "add section 500" is one, whatever Act the officer means.
    private static bool IsNumberOfTheBns(string section) =>
        int.TryParse(section.AsSpan(0, section.TakeWhile(char.IsAsciiDigit).Count()), CultureInfo.InvariantCulture, out var number)
        && number is >= 1 and <= StatuteTable.ExpectedSectionCount;
}
