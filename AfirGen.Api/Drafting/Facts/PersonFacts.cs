using System.Collections.Frozen;
using System.Text.RegularExpressions;
using AfirGen.Api.Drafting.Form;
using AfirGen.Api.Drafting.Statutes;
using static AfirGen.Api.Drafting.Facts.Patterns;

namespace AfirGen.Api.Drafting.Facts;

/// <summary>Who complains: item 6 of the form.</summary>
internal static class PersonFacts
{
    /// <summary>Particulars of a person stand this close behind the name.</summary>
    private const int ParticularsReach = 260;

    private const int LongestAddress = 200;

    private static readonly Regex Introduced = Compile(
        $@"(?:\b(?i:my[ ]name[ ]is|myself|name[ ]of[ ](?:the[ ])?complainant(?:[ ]is)?|complainant(?:'s)?[ ]name(?:[ ]is)?|name)[ ]*[:,-]?[ ]*|\bI,?[ ]+(?:am[ ]+)?)(?<name>{Name})",
        ignoreCase: false
    );

    // Typed without capitals; then only a clear end shows where the name stops.
    private static readonly Regex LowerCaseName = Compile(
        @"\bmy name is[ ]+(?<name>[a-z]+([ ][a-z]+){0,2})[ ]*(,|\.|;|\r|\n|$|[sdwc]/o|aged|age)"
    );

    private static readonly Regex Relation = Compile(
        $@"\b(?<relation>(?i:s/o|d/o|w/o|c/o|son[ ]of|daughter[ ]of|wife[ ]of))\.?[ ]*(?<name>{Name})",
        ignoreCase: false
    );

    private static readonly Regex NamedRelative = Compile(
        $@"\b(?i:my[ ](?:father|husband)'?s?[ ]name[ ]is|(?:father|husband)(?:'s)?[ ]name[ ]*[:-])[ ]*(?<name>{Name})",
        ignoreCase: false
    );

    private static readonly Regex Age = Compile(
        @"\b(aged?[ ]*(about|around)?[ ]*[:-]?[ ]*(?<age>[0-9]{1,3})\b|I am[ ](?<age2>[0-9]{1,3})[ ]years)"
    );
    private static readonly Regex Birth = Compile($@"\b(date of birth|d\.?o\.?b\.?|born on)[ ]*(is)?[ ]*[:-]?[ ]*(?<date>{Date})");
    private static readonly Regex Home = Compile(@"\b(r/o|resident of|resident at|residing at|residing in)\.?[ ]*:?[ ]*");
    private static readonly Regex OwnHome = Compile(
        @"\b(I[ ](live|reside|stay)[ ](at|in)|I am[ ](living|residing|staying)[ ](at|in)|I am a resident of|my address is|address[ ]*:)[ ]*"
    );

    private static readonly Regex AddressEnd = Compile(
        @"(\r|\n|;|\.[ ]+[A-Z]|\.$|\.\r|,?[ ]*\(?\b(mobile|mob|m\.?[ ]?(b\.?)?[ ]?no|phone|ph|contact|cell|aged|occupation|by profession|by occupation|working|employed|do hereby|hereby|state|states|submit|wish|want|would|beg|request|have to)\b|[ ,]+(and|I|my|am|who|with|for|since)[ ])"
    );

    private static readonly Regex Phone = Compile(
        $@"(?<lead>\b(mobile|phone|contact|cell|mob|m|mb|ph|tel|telephone)\b[ .]*(phone|mobile)?[ ]*(number|no)?[ ]*\.?[ ]*(is)?[ ]*[:-]?[ ]*)(?<number>{Mobile})"
    );

    private static readonly Regex NotOwnPhone = Compile(
        @"\b(call|calls|called|caller|from|accused|his|her|their|stolen|unknown|message|whatsapp|suspect|bearing|imei|sim)\b"
    );
    private static readonly Regex Email = Compile(
        @"\be-?mail([ ](id|address))?[ ]*(is)?[ ]*[:-]?[ ]*(?<mail>[a-z0-9._%+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+)"
    );
    private static readonly Regex Aadhaar = Compile(
        @"\b(my[ ])?(aadhaar|aadhar|uid)\b([ ](card|number|no\.?|is))*[ ]*[:-]?[ ]*(?<uid>[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4})\b"
    );
    private static readonly Regex Passport = Compile(@"\bpassport[ ]*(number|no\.?)?[ ]*(is)?[ ]*[:-]?[ ]*(?<passport>[A-Z][0-9]{7})\b");
    private static readonly Regex Nationality = Compile(
        @"\b(nationality[ ]*(is)?[ ]*[:-]?[ ]*(?<nation>[a-z]{4,20})\b|I am an?[ ](?<nation2>[a-z]{4,20})[ ](national|citizen)\b)"
    );

    private static readonly Regex Occupation = Compile(
        @"(\boccupation[ ]*(is)?[ ]*[:-][ ]*(?<job>[a-z][a-z -]{2,40})|\b(I[ ])?(work|working|employed)[ ]as[ ](an?[ ])?(?<job2>[a-z]+([ ][a-z]+){0,2}?)([ ](at|in|with|for|and|by)\b|[,.;\n])|(?<job3>[a-z]+([ ][a-z]+)?)[ ]by[ ](profession|occupation)|\bI[ ](run|own)[ ](?<job4>an?[ ]([a-z]+[ ]){0,2}(shop|business|store|stall|clinic|restaurant|company))\b|\bI am an?[ ](?<job5>([a-z]+[ ])?(student|teacher|driver|farmer|doctor|nurse|shopkeeper|labourer|engineer|lawyer|advocate|clerk|housewife|homemaker|businessman|businesswoman|tailor|vendor|electrician|mechanic|accountant|professor))\b)"
    );

    private static readonly FrozenSet<string> NotInNames = new[]
    {
        "Age",
        "Aged",
        "Son",
        "Daughter",
        "Wife",
        "Resident",
        "And",
        "From",
        "The",
        "Mobile",
        "Phone",
        "On",
        "At",
        "In",
        "Is",
        "Am",
        "Was",
        "Have",
        "Want",
        "Respected",
        "Sir",
        "Madam",
        "Date",
        "Address",
        "Contact",
        "Yesterday",
        "Today",
        "Occupation",
        "When",
        "While",
        "Indian",
        "Father",
        "Mother",
        "Husband",
        "Not",
        "Sub",
        "Subject",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static void Read(string text, FirFacts facts)
    {
        // Particulars belong to the complainant when they stand directly behind the name, or when they say "my" and "I".
        var introduced = Introduced.Matches(text).FirstOrDefault(m => CleanName(m.Value("name")) is not null && IsSelf(text, m));
        var particulars = introduced is null ? "" : FirstParagraph(text.After(introduced.Index, ParticularsReach));

        facts.Set(FieldKeys.ComplainantName, CleanName(introduced?.Value("name")) ?? PlainName(LowerCaseName.Match(text).Value("name")));
        facts.Set(FieldKeys.RelativeName, Relative(particulars, introduced) ?? CleanName(NamedRelative.Match(text).Value("name")));
        facts.Set(FieldKeys.BirthOrAge, BirthOrAge(text, particulars));
        facts.Set(FieldKeys.ComplainantAddress, Address(particulars, Home) ?? Address(text, OwnHome));
        facts.Set(FieldKeys.Phone, OwnPhone(text));
        facts.Set(FieldKeys.Email, Email.Match(text).Value("mail"));
        facts.Set(FieldKeys.Uid, Aadhaar.Match(text).Value("uid"));
        facts.Set(FieldKeys.Passport, Passport.Match(text).Value("passport"));
        var nation = Nationality.Match(text);
        facts.Set(FieldKeys.Nationality, nation.Value("nation") ?? nation.Value("nation2"));
        facts.Set(FieldKeys.Occupation, Job(Occupation.Match(particulars)) ?? Job(Occupation.Match(text)));
    }

    /// <summary>The name without words that only look like part of it; null when nothing is left.</summary>
    public static string? CleanName(string? name)
    {
        if (name is null)
        {
            return null;
        }
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries).TakeWhile(w => !NotInNames.Contains(w)).ToList();
        return words.Count == 0 || words[0].Length < 2 ? null : string.Join(' ', words).TrimEnd('.', '\'', '’');
    }

    // "I, X" and "I am X" introduce a name only when particulars follow; "I am Hindu" must not.
    private static bool IsSelf(string text, Match match)
    {
        if (!match.Value.StartsWith('I'))
        {
            return !match.Value.StartsWith("name", StringComparison.OrdinalIgnoreCase)
                || match.Value.StartsWith("name of", StringComparison.OrdinalIgnoreCase)
                || match.Index == 0
                || text[match.Index - 1] == '\n';
        }
        var next = text.After(match.Index + match.Length, 16).TrimStart(' ', ',');
        return Relation.IsMatch(text.After(match.Index + match.Length, 40))
                && StartsWithAny(next, "s/o", "d/o", "w/o", "c/o", "son", "daughter", "wife")
            || StartsWithAny(next, "age", "r/o", "resident", "residing");
    }

    private static bool StartsWithAny(string text, params string[] starts) =>
        starts.Any(s => text.StartsWith(s, StringComparison.OrdinalIgnoreCase));

    private static string? Relative(string particulars, Match? introduced)
    {
        if (introduced is null)
        {
            return null;
        }
        var relation = Relation.Match(particulars);
        return relation.Success && relation.Index - introduced.Length <= 30 && CleanName(relation.Value("name")) is { } name
            ? $"{relation.Groups["relation"].Value.ToLowerInvariant()} {name}"
            : null;
    }

    private static string? BirthOrAge(string text, string particulars)
    {
        if (Birth.Match(text).Value("date") is { } born)
        {
            return born;
        }
        var match = Age.Match(particulars);
        var years = match.Value("age") ?? match.Value("age2") ?? Age.Match(text).Value("age2");
        return int.TryParse(years, out var age) && age is > 4 and < 115 ? $"aged {age} years" : null;
    }

    private static string? Address(string text, Regex start)
    {
        var match = start.Match(text);
        if (!match.Success)
        {
            return null;
        }
        var rest = text.After(match.Index + match.Length, LongestAddress);
        var end = AddressEnd.Match(rest);
        var address = (end.Success ? rest[..end.Index] : rest).Trim(' ', ',', '.', '-');
        return address.Length >= 4 ? address : null;
    }

    private static string? OwnPhone(string text) =>
        Phone
            .Matches(text)
            .Where(m => !DigitAt(text, m.Index + m.Length) && !NotOwnPhone.IsMatch(text.Before(m.Index, 30)))
            .Select(m => m.Value("number"))
            .FirstOrDefault();

    private static bool DigitAt(string text, int index) => index < text.Length && char.IsAsciiDigit(text[index]);

    private static string? Job(Match match) =>
        match.Value("job") ?? match.Value("job2") ?? WithoutArticle(match.Value("job3")) ?? match.Value("job4") ?? match.Value("job5");

    // "my name is not important" is no name.
    private static string? PlainName(string? name) =>
        name is not null && ContentWords.Of(name).Count == name.Split(' ').Length ? CleanName(name) : null;

    private static string? WithoutArticle(string? job) =>
        job?.Split(' ') is [("a" or "an" or "A" or "An"), .. var rest] ? string.Join(' ', rest) : job;

    private static string FirstParagraph(string text)
    {
        var blank = text.IndexOf("\n\n", StringComparison.Ordinal);
        return blank > 0 ? text[..blank] : text;
    }
}
