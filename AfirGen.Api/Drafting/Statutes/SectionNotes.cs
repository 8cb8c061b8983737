using System.Globalization;
using System.Text.RegularExpressions;
using AfirGen.Api.Drafting.Facts;
using AfirGen.Api.Drafting.Form;

namespace AfirGen.Api.Drafting.Statutes;

/// <summary>
/// Applies what the officer wrote about sections: <c>Sections: 303(2), 317(2)</c> sets the list, <c>add 351(2)</c> and
/// <c>remove 318</c> change it. Applying the same notes twice changes nothing, so drafting and rendering may both do it.
/// </summary>
internal static class SectionNotes
{
    /// <summary>How a section of the BNS is written: <c>303(2)</c> or <c>115</c>.</summary>
    public const string Reference = @"[0-9]{1,3}([ ]?\([0-9a-z]{1,3}\))*";

    private static readonly Regex Command = Patterns.Compile(
        $@"\b(?<verb>add|include|remove|delete|drop)[ ]+(the[ ]+)?(?<marker>(bns[ ]+)?(u/s[ ]+|sections?[ ]+|sec\.?[ ]+|s\.[ ]*)|bns[ ]+)?(?<list>{Reference}([ ]*(,|and|&|,[ ]*and)[ ]*{Reference})*)"
    );

    private static readonly Regex Section = Patterns.Compile(Reference);

    // "add 2 lakh rupees" is about money, "add 66D of the IT Act" and "add 302 IPC" are about other Acts: those go into a "Sections:" line.
    private static readonly Regex OtherMeaning = Patterns.Compile(
        @"^([0-9a-z]|[.][0-9]|[ ]*(rs|rupees|lakh|lac|thousand|persons?|people|witness|grams?|gm|am\b|pm\b|years?|days?|hours?)|[ ]*(of[ ]+)?(the[ ]+)?([a-z&]+[ ]+){0,2}(ipc|crpc|bnss|act|pocso|ndps)\b)"
    );

    private static readonly Regex Negation = Patterns.Compile(@"(\bnot|n't|\bnever)[ ]+([a-z]+[ ]+)?$");

    private static readonly Regex Attempt = Patterns.Compile(
        @"\b(add|include|remove|delete|drop)[ ]+(the[ ]+)?(bns[ ]+)?(u/s|sections?|sec\.?)([ ]|$)"
    );

    private static readonly Regex Courtesy = Patterns.Compile(@"^([\s.,;:!&-]|please|kindly|also|and|then)*$");

    public static IReadOnlyList<SectionFinding> Apply(
        IReadOnlyList<SectionFinding> findings,
        IReadOnlyList<OfficerNote> notes,
        StatuteTable table
    )
    {
        var result = findings.ToList();
        foreach (var note in notes)
        {
            foreach (var line in note.Text.Split('\n'))
            {
                if (FieldCorrection.Parse(line) is { } field)
                {
                    Set(result, field, table);
                }
                else
                {
                    Obey(result, line, note.Step, table);
                }
            }
            foreach (var field in note.Fields ?? [])
            {
                Set(result, field, table);
            }
        }
        return result;
    }

    /// <summary>Whether the line is an instruction about sections and not part of the story.</summary>
    public static bool IsInstruction(string line) => Command.Matches(line).Any(m => IsCommand(line, m));

    /// <summary>Whether the line says nothing but what was done with the sections: then it is no remark.</summary>
    public static bool IsCarriedOut(string line, ReviewStep step)
    {
        var carriedOut = false;
        var rest = Command.Replace(
            line,
            command =>
            {
                var obeyed = IsObeyed(line, command, step);
                carriedOut |= obeyed;
                return obeyed ? "" : command.Value;
            }
        );
        return carriedOut && Courtesy.IsMatch(rest);
    }

    /// <summary>Whether the line wants sections changed and names none that could be.</summary>
    public static bool IsUnread(string line) =>
        FieldCorrection.Parse(line) is null
        && Attempt.Matches(line).Any(m => !IsNegated(line, m))
        && !Obeyed(line, ReviewStep.ViolationsReview).Any();

    private static bool IsNegated(string line, Match command) => Negation.IsMatch(line.Before(command.Index, 24));

    private static IEnumerable<Match> Obeyed(string line, ReviewStep step) => Command.Matches(line).Where(m => IsObeyed(line, m, step));

    private static bool IsObeyed(string line, Match command, ReviewStep step) =>
        IsCommand(line, command) && (command.Groups["marker"].Success || step == ReviewStep.ViolationsReview);

    private static void Obey(List<SectionFinding> result, string line, ReviewStep step, StatuteTable table)
    {
        foreach (var command in Obeyed(line, step))
        {
            var add = command.Groups["verb"].Value.ToLowerInvariant() is "add" or "include";
            foreach (Match section in Section.Matches(command.Groups["list"].Value))
            {
                if (add)
                {
                    Add(result, section.Value, table);
                }
                else
                {
                    Remove(result, section.Value);
                }
            }
        }
    }

    private static void Set(List<SectionFinding> result, FieldCorrection field, StatuteTable table)
    {
        if (field.Key != FieldKeys.Sections)
        {
            return;
        }
        var known = result.ToList();
        result.Clear();
        var list = field.Withdraws ? "" : field.Value;
        foreach (var item in list.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var cited = table.Describe(item);
            result.Add(known.FirstOrDefault(f => Same(f.Section, cited.Section)) ?? cited);
        }
    }

    private static void Add(List<SectionFinding> result, string section, StatuteTable table)
    {
        var cited = table.Describe(section);
        if (!result.Any(f => Same(f.Section, cited.Section)))
        {
            result.Add(cited);
        }
    }

    // "remove 318" also removes 318(4); "remove 318(4)" leaves 318(2).
    private static void Remove(List<SectionFinding> result, string section)
    {
        var cited = section.Replace(" ", "", StringComparison.Ordinal);
        result.RemoveAll(f => Same(f.Section, cited) || f.Section.StartsWith(cited + "(", StringComparison.OrdinalIgnoreCase));
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static bool IsCommand(string line, Match command)
    {
        var end = command.Index + command.Length;
        return !OtherMeaning.IsMatch(line.After(end, 32))
            && !IsNegated(line, command)
            && (command.Groups["marker"].Success || Section.Matches(command.Groups["list"].Value).All(m => IsNumberOfTheBns(m.Value)));
    }

    // "add 500 to the account" is no section; "add section 500" is one, whatever Act the officer means.
    private static bool IsNumberOfTheBns(string section) =>
        int.TryParse(section.AsSpan(0, section.TakeWhile(char.IsAsciiDigit).Count()), CultureInfo.InvariantCulture, out var number)
        && number is >= 1 and <= StatuteTable.ExpectedSectionCount;
}
